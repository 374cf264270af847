using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vsmtp.Cli.Logging;
using Vsmtp.Cli.Privileges;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Identities;
using Vsmtp.Silo.Hosting;

namespace Vsmtp.Cli.Serving;

/// <summary>One server process from its configuration to its end.</summary>
internal static class ServerProcess
{
    /// <summary>Serves until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        ServerRole role, string? configPath, IReadOnlyList<KeyValuePair<string, string>> sets, CancellationToken cancellationToken)
    {
        FilePermissions.OwnerOnly();
        PrivilegeDrop.Run(role, configPath, sets);
        var carrier = TakeCarrier();
        var hangups = new RuleReload(configPath);
        using var ruleLog = new ApplicationLog();
        var site = await Site.LoadAsync(role, configPath, sets, ruleLog, cancellationToken);
        foreach (var finding in site.Findings) await Console.Error.WriteLineAsync(finding.Text);
        if (!site.CanServe) return ExitCode.Failed;
        if (ThreadIdentity.CurrentUser == 0 && site.Configuration!.Server.System.User is not "root" and var missing)
            await Console.Error.WriteLineAsync($"warning: the server runs as root, for want of a user \"{missing}\": useradd --system {missing}");
        if (sets.Any(set => set.Key == "server.storage.url") && site.Configuration!.Server.Storage.Url is StorageUrl.Postgres { Password: not null })
            await Console.Error.WriteLineAsync(
                "warning: everybody on this machine can read the command line, and with it the store's password: set the variable VSMTP_STORAGE_URL instead");
        if (sets.Any(set => set.Key == "server.delivery.relayhost") && site.Configuration!.Server.Delivery.RelayHost is { Credentials: not null })
            await Console.Error.WriteLineAsync(
                "warning: everybody on this machine can read the command line, and with it the relay host's password: write it into the configuration file instead");
        // Nor may one who named a password file believe that it is asked for.
        if (role.HasDashboard() && site.Configuration!.Server.Dashboard is { Addr: { } screens } dashboard
            && (dashboard.PasswordFile is not null || !IPAddress.IsLoopback(screens.Address)))
        {
            await Console.Error.WriteLineAsync(
                $"error: server.dashboard.addr is {screens}: the dashboard has no log-in yet, so it is for this machine alone; use a loopback address, without password_file, and a tunnel");
            return ExitCode.Failed;
        }

        try
        {
            Directory.CreateDirectory(site.Configuration!.Server.Queues.DirPath);
            // A folder that only has to be named in the configuration is made, by those who deliver; what is below it is the delivery's business.
            if (role.HasSilo() && site.Configuration.Server.Delivery.MaildirRoot is { } maildirs) Directory.CreateDirectory(maildirs);
            using var claim = GrainHosting.ClaimStore(site.Configuration.Server.Storage);
            ruleLog.Open(site.Configuration.App.Logs.FilePath);
            await using var server = ServerHost.Build(role, site, claim, ruleLog, carrier);
            using var loss = claim.Lost.Register(() => EndAtOnce(claim));
            await server.StartAsync(cancellationToken);
            LocalSocket.OwnerOnly(site.Configuration.Server.Api.Socket);
            Announce(server, role, site.Configuration);
            var reloads = hangups.ServeAsync(server.Services, role, site, server.Lifetime.ApplicationStopping);
            await server.WaitForShutdownAsync(cancellationToken);
            await reloads;
            return ExitCode.Done;
        }
        catch (Exception fault) when (StartFault.Explain(fault, ListenersOf(site.Configuration!)) is { } words)
        {
            await Console.Error.WriteLineAsync($"error: {words}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The end of the carrier's sockets that <see cref="PrivilegeDrop"/> left open; null: there is no carrier.</summary>
    private static CarrierLink? TakeCarrier()
    {
        var text = Environment.GetEnvironmentVariable(CarrierLink.Variable);
        Environment.SetEnvironmentVariable(CarrierLink.Variable, null);
        return text is not null && CarrierLink.TryParse(text, out var link) ? link : null;
    }

    internal static IEnumerable<IPEndPoint> ListenersOf(VsmtpConfiguration configuration)
    {
        var interfaces = configuration.Server.Interfaces;
        return [.. interfaces.Addr, .. interfaces.AddrSubmission, .. configuration.Server.Tls is null ? [] : interfaces.AddrSubmissions];
    }

    /// <summary>Another process may have the store by now: no draining, no last write. What was committed is what the next one finds.</summary>
    private static void EndAtOnce(StoreClaim claim)
    {
        Console.Error.WriteLine($"error: the mail store is lost: {claim.Reason}");
        Environment.Exit(ExitCode.Failed);
    }

    /// <summary>One line per listener, when all of them take connections.</summary>
    private static void Announce(WebApplication server, ServerRole role, VsmtpConfiguration configuration)
    {
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var dashboard = role.HasDashboard() ? configuration.Server.Dashboard.Addr?.ToString() : null;
        foreach (var address in addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal)).Select(address => new Uri(address).Authority))
            Console.WriteLine(address == dashboard ? $"dashboard on http://{address}/orleans/" : $"listening on {address}");
        Console.WriteLine($"local API on {configuration.Server.Api.Socket}");
        Console.WriteLine("ready");
    }
}
