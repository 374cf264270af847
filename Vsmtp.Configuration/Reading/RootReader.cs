using System.Net;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;
using Vsmtp.Configuration.Versions;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads the whole document, and checks what concerns several tables.</summary>
internal static class RootReader
{
    /// <param name="storageUrl">The value of <c>VSMTP_STORAGE_URL</c>; null: not set.</param>
    /// <param name="version">That of this server.</param>
    public static VsmtpConfiguration Read(ReadingContext context, TomlTable document, string? storageUrl, SemanticVersion version)
    {
        var root = new TableReader(context, "", document);
        var requirement = ReadRequirement(root, version);
        var serverTable = root.Table("server");
        var server = ServerReader.Read(serverTable, storageUrl);
        var app = ApplicationReader.Read(root.Table("app"), server.Logs);
        root.Close();
        CheckRelayHost(serverTable, server);
        WarnOfNoRules(root, app);
        return new() { VersionRequirement = requirement, Server = server, App = app, NotYetInEffect = context.IdleKeys };
    }

    private static VersionRequirement? ReadRequirement(TableReader root, SemanticVersion version)
    {
        var requirement = root.Parse<VersionRequirement>(
            "version_requirement", null, VersionRequirement.TryParse, "a version requirement such as \">=1.0, <2.0\"");
        if (requirement is not null && !requirement.Matches(version))
        {
            root.Error("version_requirement", $"is \"{requirement}\", and this is version {version} of the server");
        }

        return requirement;
    }

    private static void CheckRelayHost(TableReader serverTable, ServerOptions server)
    {
        var listeners = server.Interfaces.Addr.Concat(server.Interfaces.AddrSubmission).Concat(server.Interfaces.AddrSubmissions);
        if (server.Delivery.RelayHost is { } relay && listeners.Any(listener => listener.Port == relay.Port && IsAt(listener.Address, relay.Host)))
        {
            serverTable.Table("delivery").Error("relayhost", $"is {new HostAndPort(relay.Host, relay.Port)}, where this server listens itself: mail would go round in a circle");
        }
    }

    /// <summary>Whether what goes to the host ends at the listener.</summary>
    private static bool IsAt(IPAddress listener, string host)
    {
        if (IPAddress.TryParse(host, out var address) && listener.Equals(address)) return true;
        if (!ThisMachine.IsNamedBy(host)) return false;
        return listener.Equals(IPAddress.Any) || listener.Equals(IPAddress.IPv6Any) || (address is null && IPAddress.IsLoopback(listener));
    }

    private static void WarnOfNoRules(TableReader root, ApplicationOptions app)
    {
        if (app.Vsl.FilePath is null)
        {
            root.Context.Warning(root.Context.WholeFile, "app.vsl.filepath is not given: without rules every mail is denied");
        }
    }
}
