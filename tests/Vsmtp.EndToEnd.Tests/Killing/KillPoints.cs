using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>The places on a mail's way at which a test can have a server killed, for the taps and the relay host on that way.</summary>
internal sealed class KillPoints
{
    public KillSwitch Switch { get; } = new();

    /// <summary>On the way to the scanner.</summary>
    public async ValueTask<bool> BeforeMailAsync(ReadOnlyMemory<byte> line) =>
        !line.Span.StartsWith("MAIL FROM:"u8) || !await IsKilledAsync(KillMoment.BeforeMail);

    /// <summary>On the way from the scanner, back to it.</summary>
    public async ValueTask<bool> BeforeReturnReplyAsync(ReadOnlyMemory<byte> line) =>
        !line.Span.StartsWith("250"u8) || !await IsKilledAsync(KillMoment.BeforeReturnReply);

    /// <summary>On the way from the scanner. The dot goes on while the kill is under way: which of them is first is left open.</summary>
    public ValueTask<bool> AtReturnDotAsync(ReadOnlyMemory<byte> line)
    {
        if (line.Span.SequenceEqual(".\r\n"u8)) Switch.At(KillMoment.AtReturnDot);
        return ValueTask.FromResult(true);
    }

    /// <summary>At the relay host.</summary>
    public async Task<string?> TakeAsync(ReceivedMail mail)
    {
        if (await IsKilledAsync(KillMoment.RelayLost)) return null;
        await IsKilledAsync(KillMoment.RelayTook);
        return "250 2.0.0 Taken";
    }

    private async Task<bool> IsKilledAsync(KillMoment moment)
    {
        if (Switch.At(moment) is not { } killed) return false;
        await killed;
        return true;
    }
}
