using System.CommandLine;
using Vsmtp.Configuration;
using Vsmtp.Delivery.Identities;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Cli.Users;

/// <summary><c>vsmtp user</c>: who may authenticate, in the file that <c>server.smtp.auth.users</c> names.</summary>
internal static class UserCommands
{
    public static Command Create() => new("user", "Adds, removes and lists the users of server.smtp.auth.users.") { Add(), Remove(), List() };

    private static Command Add()
    {
        var (config, set, name) = (CommonOptions.Config(), CommonOptions.Set(), Name());
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from the standard input, up to the first line end." };
        var command = new Command("add", "Adds a user, or gives one a new password. The password is asked for; it is never an argument.")
        {
            name, fromInput, config, set,
        };
        command.SetAction(parsed => Act(parsed, config, set, (path, owner) =>
        {
            var user = parsed.GetRequiredValue(name);
            if (UserFile.FaultOfName(ref user) is { } fault) return Fail(fault);
            if (PasswordPrompt.Read(user, parsed.GetValue(fromInput)) is not { } password) return Fail("the two are not the same");
            if (ScramVerifier.Of(password) is not { } verifier)
                return Fail("the password is empty, or has a character that no password may have (RFC 4013)");
            var isNew = true;
            UserFile.Change(path, users =>
            {
                isNew = !users.ContainsKey(user);
                return users.SetItem(user, verifier);
            }, owner);
            Console.WriteLine(isNew ? $"{user} is added to {path}" : $"{user} has a new password in {path}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Remove()
    {
        var (config, set, name) = (CommonOptions.Config(), CommonOptions.Set(), Name());
        var command = new Command("remove", "Removes a user.") { name, config, set };
        command.SetAction(parsed => Act(parsed, config, set, (path, _) =>
        {
            var user = parsed.GetRequiredValue(name);
            if (UserFile.FaultOfName(ref user) is { } fault) return Fail(fault);
            if (!UserFile.Change(path, users => users.Remove(user))) return Fail($"{user} is not in {path}");
            Console.WriteLine($"{user} is removed from {path}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command List()
    {
        var (config, set) = (CommonOptions.Config(), CommonOptions.Set());
        var command = new Command("list", "Lists the users, a name a line.") { config, set };
        command.SetAction(parsed => Act(parsed, config, set, (path, _) =>
        {
            var file = UserFile.Read(path);
            foreach (var fault in file.Faults) Console.Error.WriteLine($"warning: {path}: {fault}");
            foreach (var user in file.Users.Keys) Console.WriteLine(user);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "What the client authenticates as; letter case counts." };

    /// <param name="act">With the file, and whose it is to be.</param>
    private static int Act(ParseResult parsed, Option<string?> config, Option<string[]> set, Func<string, FileOwner?, int> act)
    {
        var read = ConfigurationReader.Read(parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)));
        foreach (var fault in read.Faults.Where(fault => fault.Severity is FaultSeverity.Error)) Console.Error.WriteLine(fault);
        if (read.Configuration is not { } configuration) return ExitCode.Failed;
        if (configuration.Server.Smtp.Auth?.Users is not { } path)
            return Fail("the configuration names no file of users: set server.smtp.auth.users");
        try
        {
            var system = configuration.Server.System;
            var server = OperatingSystem.IsLinux() ? MachineAccounts.FindUser(system.User, system.Group) : null;
            return act(path, server is null ? null : new FileOwner(server.User, server.Group));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Fail(fault.Message);
        }
    }

    private static int Fail(string words)
    {
        Console.Error.WriteLine($"error: {words}");
        return ExitCode.Failed;
    }
}
