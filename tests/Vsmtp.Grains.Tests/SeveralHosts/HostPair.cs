using System.Collections.Concurrent;
using System.Net;

namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>The two hosts of a cell's domain, each at an address of its own.</summary>
internal sealed class HostPair : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly MailHost _first;
    private readonly MailHost? _second;

    public HostPair(Cell cell, IPEndPoint first, IPEndPoint second)
    {
        string[] extensions = cell.IsPipelined ? ["PIPELINING"] : [];
        _first = new MailHost(first, extensions) { Instead = (to, _) => Note(Cell.First, to) ?? OfFirst(cell, to) };
        _second = cell.Second is SecondHost.IsDown ? null
            : new MailHost(second, extensions) { Instead = (to, _) => Note(Cell.Other, to) ?? OfSecond(cell.Second, to) };
    }

    /// <summary>Names of the hosts that were called, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>The recipients of each mail that a host took, as <c>one: b0@x b1@x</c>.</summary>
    public IEnumerable<string> Taken => Of(Cell.First, _first).Concat(_second is null ? [] : Of(Cell.Other, _second));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        if (_second is not null) await _second.DisposeAsync();
    }

    private static IEnumerable<string> Of(string name, MailHost host) => host.Taken.Select(mail => $"{name}: {mail.Recipients}");

    private string? Note(string host, string to)
    {
        if (to == "CONNECT") _asked.Enqueue(host);
        return null;
    }

    private static string? OfFirst(Cell cell, string to)
    {
        var verb = to.Split(' ')[0];
        if (cell.Command is Command.Helo && verb == "EHLO") return "502 5.5.1 what is EHLO?";
        if (!verb.Equals(cell.Command.ToString(), StringComparison.OrdinalIgnoreCase)) return null;
        if (verb == "RCPT" && !to.StartsWith("RCPT b0@", StringComparison.Ordinal)) return null;
        return cell.Word switch
        {
            Word.Garbage => "I have no numbers",
            Word.HangsUp => "",
            Word.Silence => MailHost.Silence,
            // As it would have said without being told.
            Word.Positive when verb is not "DATA" => null,
            Word.Intermediate when verb is "DATA" => null,
            var word => Cell.LineOf(word),
        };
    }

    private static string? OfSecond(SecondHost second, string to) => (second, to.Split(' ')[0]) switch
    {
        (SecondHost.NotNow, "RCPT") => "450 4.2.1 full",
        (SecondHost.Never, "RCPT") => "550 5.1.1 unknown",
        (SecondHost.NoMailHost, "CONNECT") => "521 5.3.2 no mail here",
        _ => null,
    };
}
