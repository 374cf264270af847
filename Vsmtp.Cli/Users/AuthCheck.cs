using System.Collections.Immutable;
using Vsmtp.Cli.Serving;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Rules;

namespace Vsmtp.Cli.Users;

/// <summary>What is to be said of AUTH before the server starts: of the file of users, and of mechanisms that nobody can pass.</summary>
internal static class AuthCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly ImmutableArray<AuthMechanism> OfTheFile = [AuthMechanism.Plain, AuthMechanism.Login, AuthMechanism.ScramSha256];

    /// <param name="rules">Null: they have an error of their own.</param>
    public static IEnumerable<Finding> Of(AuthOptions auth, RuleSet? rules)
    {
        var faults = new List<ConfigurationFault>();
        if (auth.Users is { } path) Look(path, auth.UsersPlace, faults);
        if (rules is not null && rules[Stage.Authenticate].IsEmpty) Compare(auth, faults);
        return faults.Select(Finding.Of);
    }

    private static void Look(string path, SourcePlace place, List<ConfigurationFault> faults)
    {
        try
        {
            var file = UserFile.Read(path);
            faults.AddRange(file.Faults.Select(fault => ConfigurationFault.Error(Words(fault), place)));
            if (file.Users.IsEmpty && file.Faults.IsEmpty) Warn("it has no users yet: add them with `vsmtp user add`");
            if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0)
                Warn("it may be read by everybody, or written by its group");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(ConfigurationFault.Error(Words(fault.Message), place));
        }

        string Words(string words) => $"server.smtp.auth.users: {path}: {words}";

        void Warn(string words) => faults.Add(ConfigurationFault.Warning(Words(words), place));
    }

    /// <summary>A client that is offered what nobody can pass tries it, and not what it could pass.</summary>
    private static void Compare(AuthOptions auth, List<ConfigurationFault> faults)
    {
        const string none = "no rule of the stage authenticate judges it";
        if (auth.Users is null)
        {
            faults.Add(ConfigurationFault.Warning($"server.smtp.auth has no file of users, and {none}: no client can authenticate", auth.UsersPlace));
            return;
        }

        faults.AddRange(auth.Mechanisms.Except(OfTheFile).Select(mechanism => ConfigurationFault.Warning(
            $"server.smtp.auth.mechanisms has {AuthMechanismName.Of(mechanism)}, and {none}: no client can pass it", auth.UsersPlace)));
    }
}
