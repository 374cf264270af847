namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>Whether a mail may be sent to its service now. If not it waits: it is called when its turn comes, and asks again after a pause.</summary>
public sealed record TurnAnswer
{
    private TurnAnswer()
    {
    }

    public static TurnAnswer Granted { get; } = new() { IsGranted = true };

    public bool IsGranted { get; private init; }

    /// <summary>It is not many mails that it waits for, but the service to be well again.</summary>
    public bool IsServiceDown { get; private init; }

    /// <summary>What it waits for, in words; empty when granted.</summary>
    public string Why { get; private init; } = "";

    /// <summary>After this it asks again, should no call come: the process that would call may be gone.</summary>
    public TimeSpan Pause { get; private init; }

    public static TurnAnswer Crowded(string why, TimeSpan pause) => new() { Why = why, Pause = pause };

    public static TurnAnswer Down(string why, TimeSpan pause) => new() { Why = why, Pause = pause, IsServiceDown = true };
}
