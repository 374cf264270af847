using System.Collections.Immutable;
using Vsmtp.Rules.Loading;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>Reads the options of <c>service NAME cmd</c>.</summary>
internal static class CommandReader
{
    private const int MostInFlight = 1000;

    /// <returns>Null when there are faults.</returns>
    public static CommandOptions? Read(string name, VslMap map, LoadState state, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        var program = options.RequiredText("command");
        var timeout = options.RequiredText("timeout") is null ? null : options.Duration("timeout");
        var read = new CommandOptions
        {
            Program = program ?? "",
            Timeout = timeout ?? TimeSpan.Zero,
            Arguments = Arguments(options, name, findings),
            User = options.Text("user"),
            Group = options.Text("group"),
            MaxInFlight = (int?)options.Positive("max_in_flight", MostInFlight) ?? CommandOptions.UsualInFlight,
        };
        if (program is "" || program?.Contains('\0') is true) findings.Faults.Add($"`command` of service `{name}` names no program");
        // Rules of the store were good for the server of then: such a command fails when it is run.
        if (!state.IsStored && state.Options.RunsAs is { } server && IsOther(read, server))
        {
            findings.Faults.Add(
                $"service `{name}`: `user` and `group` need a server that stays root, and this one runs as {server} (server.system.user)");
        }

        options.WarnOfUnknownKeys();
        return findings.Faults.Count == 0 ? read : null;
    }

    private static bool IsOther(CommandOptions command, string server) =>
        command.Group is not null || (command.User is { } user && user != server && CommandAccount.NumberOf(user) != CommandAccount.NumberOf(server));

    private static ImmutableArray<string> Arguments(OptionReader options, string name, ServiceFindings findings)
    {
        if (options.Any("args") is not { } value) return [];
        if (!value.TryAsArray(out var array))
        {
            findings.Warnings.Add($"`args` of service `{name}` is no array: the command gets no arguments");
            return [];
        }

        ImmutableArray<string> arguments = [.. array.Select(item => item.ToText())];
        if (arguments.Any(argument => argument.Contains('\0'))) findings.Faults.Add($"`args` of service `{name}`: an argument cannot hold NUL");
        return arguments;
    }
}
