using Vsmtp.Cli.Serving;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Gateway.Authentication;

namespace Vsmtp.Cli.Users;

/// <summary>What is to be said of the file of users before the server starts.</summary>
internal static class UserFileCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<Finding> Of(AuthOptions auth) =>
        auth.Users is { } path ? FaultsOf(path, auth.UsersPlace).Select(Finding.Of) : [];

    private static IEnumerable<ConfigurationFault> FaultsOf(string path, SourcePlace place)
    {
        try
        {
            var file = UserFile.Read(path);
            if (file is { Users.IsEmpty: true, Faults.IsEmpty: true }) return [ConfigurationFault.Warning($"server.smtp.auth.users: {path} has no users yet: add them with `vsmtp user add`", place)];
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                return [ConfigurationFault.Warning($"server.smtp.auth.users: {path} may be read by everybody, or written by its group", place), .. Lines()];
            return [.. Lines()];

            IEnumerable<ConfigurationFault> Lines() => file.Faults.Select(fault => ConfigurationFault.Error($"server.smtp.auth.users: {path}: {fault}", place));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [ConfigurationFault.Error($"server.smtp.auth.users: {fault.Message}", place)];
        }
    }
}
