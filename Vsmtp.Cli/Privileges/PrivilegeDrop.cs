using Vsmtp.Cli.Serving;
using Vsmtp.Configuration;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Identities;

namespace Vsmtp.Cli.Privileges;

/// <summary>
/// What root does for the server: makes folders and gives them away, starts the carrier, and puts the same program in this process's place as
/// the server's user (docs/design/017-privileges.md).
/// </summary>
internal static class PrivilegeDrop
{
    private const int LowPorts = 1024;

    /// <summary>
    /// Returns only where there is nothing to give up: the process is not root's, its user is to be root, or its configuration is of no use.
    /// </summary>
    /// <exception cref="PrivilegeException">It has to be given up, and cannot be.</exception>
    public static void Run(ServerRole role, string? configPath, IReadOnlyList<KeyValuePair<string, string>> sets)
    {
        if (!OperatingSystem.IsLinux() || ThreadIdentity.CurrentUser != 0) return;
        if (ConfigurationReader.Read(configPath, sets).Configuration is not { } configuration) return;
        var system = configuration.Server.System;
        if (MachineAccounts.FindUser(system.User, system.Group) is not { User: not 0 } user) return;

        ServerFolder[] folders = [.. ServerFolder.Of(configuration, role)];
        foreach (var folder in folders) folder.Make(user);
        OwnThread.Run(() =>
        {
            user.Assume();
            foreach (var folder in folders) folder.Check(system);
            ServerFolder.CheckStore(configuration);
            foreach (var file in FilesOf(configuration, configPath)) ServerFolder.CheckReadable(file, system);
        });
        var carrier = role.HasSilo() && configuration.Server.Delivery.MaildirRoot is null ? CarrierProcess.Start(user, system.GroupLocal) : null;
        var kept = BindsLowPorts(role, configuration) ? Capabilities.BindLowPorts & ThreadIdentity.CurrentCapabilities : Capabilities.None;
        ProgramImage.RemoveDiagnosticSockets();
        OwnThread.Run(() =>
        {
            (user with { Kept = kept }).Assume();
            var why = ProgramImage.Replace(new Dictionary<string, string?>
            {
                [CarrierLink.Variable] = carrier?.ToString(),
                // Libraries look there for what is the user's, as pgpass.
                ["HOME"] = MachineAccounts.FindHome(system.User),
                ["USER"] = system.User,
                ["LOGNAME"] = system.User,
            });
            throw new PrivilegeException($"{ProgramImage.File} cannot be run as {system.User}: {why}");
        });
    }

    /// <summary>What the next program reads before it can serve: itself, the runtime, the configuration, keys, users.</summary>
    private static IEnumerable<string> FilesOf(VsmtpConfiguration configuration, string? configPath)
    {
        var server = configuration.Server;
        string?[] program = [ProgramImage.File, typeof(PrivilegeDrop).Assembly.Location, typeof(object).Assembly.Location, configPath];
        string?[] keys = [server.Tls?.Certificate, server.Tls?.PrivateKey];
        var keysOfDomains = server.Virtual.Values.SelectMany(domain => new[] { domain.Tls?.Certificate, domain.Tls?.PrivateKey });
        string?[] users = server.Smtp.Auth?.Users is { } path && File.Exists(path) ? [path] : [];
        return [.. program.Concat(keys).Concat(keysOfDomains).Concat(users).Where(file => !string.IsNullOrEmpty(file)).Select(file => file!)];
    }

    private static bool BindsLowPorts(ServerRole role, VsmtpConfiguration configuration)
    {
        var listeners = role.HasGateway() ? ServerProcess.ListenersOf(configuration) : [];
        if (role.HasDashboard() && configuration.Server.Dashboard.Addr is { } screens) listeners = listeners.Append(screens);
        return listeners.Any(listener => listener is { Port: > 0 and < LowPorts });
    }
}
