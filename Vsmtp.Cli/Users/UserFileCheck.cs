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

    private static List<ConfigurationFault> FaultsOf(string path, SourcePlace place)
    {
        var faults = new List<ConfigurationFault>();
        try
        {
            var file = UserFile.Read(path);
            faults.AddRange(file.Faults.Select(fault => ConfigurationFault.Error(Words(fault), place)));
            if (file.Users.IsEmpty && faults.Count == 0) Warn("it has no users yet: add them with `vsmtp user add`");
            if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0)
                Warn("it may be read by everybody, or written by its group");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(ConfigurationFault.Error(Words(fault.Message), place));
        }

        return faults;

        string Words(string words) => $"server.smtp.auth.users: {path}: {words}";

        void Warn(string words) => faults.Add(ConfigurationFault.Warning(Words(words), place));
    }
}
