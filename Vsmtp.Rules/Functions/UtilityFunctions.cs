using System.Net;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Logs, clock, machine and domains.</summary>
internal static class UtilityFunctions
{
    public static void Register(ScriptHostBuilder host)
    {
        host.Function("log", 2, Log);
        host.Function("hostname", 0, (_, _) => Value.From(Dns.GetHostName()));
        host.Function("date", 0, (call, _) => Value.From(call.Time.GetUtcNow().ToString("yyyy-MM-dd")));
        host.Function("time", 0, (call, _) => Value.From(call.Time.GetUtcNow().ToString("HH:mm:ss")));
        host.Function("in_domain", 1, (call, a) => Value.From(IsInDomain(((RuleState)call.State!).Options, a[0])));
        host.AsyncFunction("user_exist", 1, UserExistsAsync);
    }

    /// <summary>Compares the domain of an address, or a text or domain itself; any other value is in no domain of ours.</summary>
    public static bool IsInDomain(RuleSetOptions options, in Value value)
    {
        var domain = value.TryAsHost<AddressObject>(out var address) ? address.Domain
            : value.TryAsHost<FqdnObject>(out var fqdn) ? fqdn.ToText()
            : value.TryAsString(out var text) ? text
            : "";
        return domain.Length > 0
            && options.VirtualDomains.Prepend(options.ServerDomain).Contains(domain, StringComparer.OrdinalIgnoreCase);
    }

    private static Completion Log(HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryText(arguments[0], out var level, out var error)) return error;
        var state = (RuleState)call.State!;
        var text = arguments[1].ToText();
        var isKnown = Enum.TryParse<RuleLogLevel>(level, ignoreCase: true, out var known) && char.IsAsciiLetter(level[0]);
        if (isKnown) state.Write(known, text);
        else state.Write(RuleLogLevel.Warn, $"unknown log level `{level}`: {text}");
        return Completion.Unit;
    }

    /// <summary>Looks into the machine's own list; accounts of a directory service are not seen.</summary>
    private static async ValueTask<Completion> UserExistsAsync(HostCall call, Value[] arguments)
    {
        if (!Argument.TryText(arguments[0], out var name, out var error)) return error;
        try
        {
            await foreach (var line in File.ReadLinesAsync("/etc/passwd", call.Cancellation).ConfigureAwait(false))
            {
                if (line.StartsWith($"{name}:", StringComparison.Ordinal)) return Value.True;
            }

            return Value.False;
        }
        catch (IOException e)
        {
            return Completion.Error($"user_exist: {e.Message}");
        }
    }
}
