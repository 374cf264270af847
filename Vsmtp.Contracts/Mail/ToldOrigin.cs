using System.Net;

namespace Vsmtp.Contracts.Mail;

/// <summary>
/// Where a mail came from first, as the server before ours tells it (Postfix XFORWARD_README): for logs, and for services' logs. Null is what
/// it does not know.
/// </summary>
[GenerateSerializer, Immutable, Alias("vsmtp.told-origin")]
public sealed record ToldOrigin
{
    /// <summary>The client's host name.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>Without brackets.</summary>
    [Id(1)] public string? Address { get; init; }

    [Id(2)] public int? Port { get; init; }

    /// <summary>As <c>ESMTP</c>.</summary>
    [Id(3)] public string? Protocol { get; init; }

    /// <summary>An address literal has its brackets.</summary>
    [Id(4)] public string? Helo { get; init; }

    /// <summary>The mail's id where it came in.</summary>
    [Id(5)] public string? Identity { get; init; }

    /// <summary>The mail was made where it came in.</summary>
    [Id(6)] public bool? IsLocal { get; init; }

    /// <summary>As <c>mx.example.org [192.0.2.7]:4000 (client.example)</c>.</summary>
    public override string ToString()
    {
        var ends = Address is null ? null : Port is null ? $"[{Address}]" : $"[{Address}]:{Port}";
        var words = string.Join(' ', new[] { Name, ends, Helo is null ? null : $"({Helo})" }.OfType<string>());
        return words.Length == 0 ? "somewhere" : words;
    }
}
