using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.Faults.Peers;

/// <summary>A message that a service brings back.</summary>
/// <param name="HasProof">It says that it has scanned it.</param>
/// <param name="Times">How often it comes.</param>
internal sealed record Returning(string Text, bool HasProof = true, int Times = 1);

/// <summary>What a service does to mails besides scanning them.</summary>
internal sealed class Meddling
{
    /// <summary>One in so many is meddled with.</summary>
    public int OneIn { get; init; } = 4;

    public int Done => _done;

    private int _done;

    public IReadOnlyList<Returning> With(string text, Random chance)
    {
        if (chance.Next(OneIn) > 0) return [new Returning(text)];
        Interlocked.Increment(ref _done);
        return chance.Next(6) switch
        {
            0 => [new Returning(text, Times: 2)],
            1 => [new Returning(text + "The service has added this.\r\n")],
            2 => [new Returning(Messages.WithHeader(text, "Subject", "the service's own"))],
            3 => [new Returning(Without(text, "X-VSMTP-DELEGATION"))],
            4 => [new Returning(text, HasProof: false)],
            _ => [new Returning(text), new Returning(text + "And this is another one.\r\n", Times: 2)],
        };
    }

    /// <summary>The message without the header; the ticket is still in the ENVID.</summary>
    private static string Without(string text, string header)
    {
        var begin = text.IndexOf(header + ":", StringComparison.OrdinalIgnoreCase);
        var end = text.IndexOf("\r\n", begin, StringComparison.Ordinal) + 2;
        while (text[end] is ' ' or '\t') end = text.IndexOf("\r\n", end, StringComparison.Ordinal) + 2;
        return text[..begin] + text[end..];
    }
}
