using System.Net;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Files;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Clock, machine and domains.</summary>
internal static class UtilityFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section("Utilities");
        api.Global(
            new ApiDoc("in_domain(x: any) -> bool", "Whether an address, a domain or a text is in `server.domain` or a key of "
                + "`server.virtual`. A text is compared as a domain, whole; other values are in none."),
            (call, a) => Value.From(IsInDomain(((RuleState)call.State!).Options, a[0])),
            ApiReceivers.Server);
        api.GlobalAsync(
            new ApiDoc("get_root_domain(domain: text) -> string", "The part of a domain that somebody registered, by the public "
                + "suffix list: `example.co.uk` of `mail.example.co.uk`. A domain that the list does not know, or that is a "
                + "suffix itself, comes back as it is.")
            {
                Newer = ["utils::get_root_domain"], Errors = $"no {SuffixFile.SystemPath} (Debian: `apt install publicsuffix`)",
            },
            RootDomainAsync);
        api.GlobalAsync(
            new ApiDoc("user_exist(name: text) -> bool", "Whether `/etc/passwd` has the account.") { Newer = ["unix::user_exist"] }, UserExistsAsync);
        api.Global(new ApiDoc("hostname() -> string", "The machine's name.") { Newer = ["unix::hostname"] }, (_, _) => Value.From(System.Net.Dns.GetHostName()));
        api.Global(
            new ApiDoc("env(name: text) -> string or ()", "A variable of the server's environment; `()` when it is not "
                + "set.") { Newer = ["utils::env", "unix::env"] }, Environment);
        api.Global(
            new ApiDoc("date() -> string", "Today as `YYYY-MM-DD`, UTC.") { Newer = ["time::date"] },
            (call, _) => Value.From(call.Time.GetUtcNow().ToString("yyyy-MM-dd")));
        api.Global(
            new ApiDoc("time() -> string", "The time of day as `HH:MM:SS`, UTC.") { Newer = ["time::now"] },
            (call, _) => Value.From(call.Time.GetUtcNow().ToString("HH:mm:ss")));
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

    private static async ValueTask<Completion> RootDomainAsync(HostCall call, Value[] arguments)
    {
        if (!Argument.TryText(arguments[0], out var domain, out var error)) return error;
        try
        {
            var list = await SuffixFile.ReadAsync(call.Cancellation).ConfigureAwait(false);
            return Value.From(list.FindRegistered(domain) ?? domain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Completion.Error($"get_root_domain needs the public suffix list (Debian: `apt install publicsuffix`): {e.Message}");
        }
    }

    private static Completion Environment(HostCall call, ReadOnlySpan<Value> arguments)
    {
        if (!Argument.TryText(arguments[0], out var name, out var error)) return error;
        return System.Environment.GetEnvironmentVariable(name) is { } value ? Value.From(value) : Completion.Unit;
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
