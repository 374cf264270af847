using System.Text.Json.Serialization;

namespace Vsmtp.Contracts.Mail;

/// <summary>What speaks for it that a mail breaks the service that it is sent to (docs/design/012).</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-suspicion")]
public sealed record MailSuspicion
{
    /// <summary>4yz to the dot so often, while others passed, makes a suspect; once is any mail's lot.</summary>
    private const int ManyDeferrals = 3;

    public static MailSuspicion None { get; } = new();

    /// <summary>Conversations that broke or stalled within its content or before the reply to its dot, as far as they count against it.</summary>
    [Id(0)] public int Breaks { get; init; }

    /// <summary>Those of <see cref="Breaks"/> at which nothing else went wrong with the service.</summary>
    [Id(3)] public int BreaksAlone { get; init; }

    /// <summary>Answers of 4yz to its dot while the service took others.</summary>
    [Id(1)] public int Deferrals { get; init; }

    /// <summary>The newest of these, counted or not.</summary>
    [Id(2)] public DateTimeOffset At { get; init; }

    /// <summary>It goes to the service alone, on a connection of its own, out of the way of others.</summary>
    [JsonIgnore]
    public bool IsSuspect => Breaks > 0 || Deferrals >= ManyDeferrals;
}
