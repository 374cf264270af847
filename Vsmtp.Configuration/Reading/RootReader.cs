using System.Net;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;
using Vsmtp.Configuration.Versions;

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
        if (server.Delivery.RelayHost is { } relay && IPAddress.TryParse(relay.Host, out var address)
            && server.Interfaces.Addr.Concat(server.Interfaces.AddrSubmission).Contains(new(address, relay.Port)))
        {
            serverTable.Table("delivery").Error("relayhost", $"is {new HostAndPort(relay.Host, relay.Port)}, where this server listens itself: mail would go round in a circle");
        }
    }

    private static void WarnOfNoRules(TableReader root, ApplicationOptions app)
    {
        if (app.Vsl.FilePath is null)
        {
            root.Context.Warning(root.Context.WholeFile, "app.vsl.filepath is not given: without rules every mail is denied");
        }
    }
}
