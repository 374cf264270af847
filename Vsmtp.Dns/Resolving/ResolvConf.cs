using System.Globalization;
using System.Net;

namespace Vsmtp.Dns.Resolving;

/// <summary>resolv.conf(5): <c>nameserver</c>, and of the options <c>timeout</c>, <c>attempts</c> and <c>rotate</c>.</summary>
/// <remarks><c>search</c> and <c>ndots</c> are not heeded: names in mail are absolute (RFC 5321 §2.3.5).</remarks>
internal static class ResolvConf
{
    private const int Port = 53;

    // The limits of the manual page: what is more is cut to them there, and so it is here.
    private const int MaxServers = 3;
    private const int MaxTimeoutSeconds = 30;
    private const int MaxAttempts = 5;

    // A few lines; a larger file is none of its kind.
    private const int MaxLines = 1000;

    public static DnsResolverOptions Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path).Take(MaxLines));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Parse([]);
        }
    }

    public static DnsResolverOptions Parse(IEnumerable<string> lines)
    {
        var options = new DnsResolverOptions { MaxConcurrentRequests = 1 };
        foreach (var line in lines)
        {
            if (line.StartsWith('#') || line.StartsWith(';')) continue;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..] && options.Servers.Length < MaxServers && TryParseServer(server, out var address))
            {
                options = options with { Servers = options.Servers.Add(new IPEndPoint(address, Port)) };
            }
            else if (words is ["options", ..])
            {
                options = words.Skip(1).Aggregate(options, WithOption);
            }
        }

        return options.Servers.IsEmpty ? options with { Servers = [new IPEndPoint(IPAddress.Loopback, Port)] } : options;
    }

    // A scope that names no interface of this machine reads as none, and then the address leads nowhere (RFC 4007 §11).
    private static bool TryParseServer(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && (!text.Contains('%', StringComparison.Ordinal) || address.ScopeId != 0);

    private static DnsResolverOptions WithOption(DnsResolverOptions options, string option) => option.Split(':', 2) switch
    {
        ["timeout", var text] when TryParse(text, MaxTimeoutSeconds, out var value) =>
            options with { Timeout = TimeSpan.FromSeconds(value) },
        ["attempts", var text] when TryParse(text, MaxAttempts, out var value) => options with { Attempts = value },
        ["rotate"] => options with { Rotate = true },
        _ => options,
    };

    private static bool TryParse(string text, int max, out int value)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        value = Math.Clamp(value, 1, max);
        return isNumber;
    }
}
