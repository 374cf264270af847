using System.Diagnostics;
using System.Globalization;

namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>An account of this machine that lives as long as a test.</summary>
internal sealed class MachineAccount : IDisposable
{
    private MachineAccount(string name, string home)
    {
        (Name, Home) = (name, home);
        Number = uint.Parse(Run("id", "-u", name).Output, CultureInfo.InvariantCulture);
        Group = uint.Parse(Run("id", "-g", name).Output, CultureInfo.InvariantCulture);
    }

    public string Name { get; }

    public string Home { get; }

    public uint Number { get; }

    public uint Group { get; }

    /// <summary>Where the machine has its mbox.</summary>
    public string Mbox => Path.Combine("/var/mail", Name);

    /// <summary>Why there can be none; null where there can.</summary>
    public static string? WhyNone =>
        Environment.UserName != "root" ? "only root can make accounts"
        : !File.Exists("/usr/sbin/useradd") ? "this machine has no useradd (passwd)"
        : !Directory.Exists("/var/mail") ? "this machine has no /var/mail"
        : null;

    public static MachineAccount OfServer() => Make("srv", "/nonexistent", "--system", "--no-create-home");

    /// <param name="folder">In which its home is made.</param>
    public static MachineAccount OfPerson(string role, string folder) => Make(role, Path.Combine(folder, role), "--create-home");

    /// <summary>Runs a program as this account, without any right of root's.</summary>
    public (int Code, string Output) RunAs(params string[] line) =>
        Run("setpriv", [$"--reuid={Number}", $"--regid={Group}", "--clear-groups", "--inh-caps=-all", "--", .. line]);

    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        Run("/usr/sbin/userdel", Name);
        File.Delete(Mbox);
        File.Delete($"{Mbox}.lock");
    }

    private static MachineAccount Make(string role, string home, params string[] options)
    {
        var name = $"vt{Random.Shared.Next():x8}-{role}";
        (int Code, string Output) made = default;
        // Another test may have the file of accounts locked.
        for (var i = 0; i < 10 && (i == 0 || made.Code != 0); i++)
            made = Run("/usr/sbin/useradd", ["--user-group", "--shell", "/usr/sbin/nologin", "--home-dir", home, .. options, name]);
        Assert.True(made.Code == 0, made.Output);
        return new MachineAccount(name, home);
    }
}
