namespace Vsmtp.EndToEnd.Tests.Privileges;

/// <summary>What the kernel says of the threads of a process (proc_pid_status(5)).</summary>
internal static class ThreadStatus
{
    /// <summary>The different states that its threads are in, each as <c>Name: value</c> of the names that are asked for.</summary>
    public static string[] Of(int process, params string[] names) =>
        [.. Directory.EnumerateDirectories($"/proc/{process}/task").Select(thread => string.Join("; ", Fields(thread, names))).Distinct()];

    /// <summary>The process that this one has started, and that runs this command of the program.</summary>
    public static int ChildOf(int process, string command) =>
        Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Single(id => id > 0 && IsChild(id, process) && Read($"/proc/{id}/cmdline").Split('\0').Contains(command));

    /// <summary>Dead and not buried counts as gone.</summary>
    public static bool IsAlive(int process) =>
        Read($"/proc/{process}/status") is { Length: > 0 } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    private static bool IsChild(int id, int parent) => Read($"/proc/{id}/status").Contains($"\nPPid:\t{parent}\n", StringComparison.Ordinal);

    private static IEnumerable<string> Fields(string thread, string[] names) =>
        Read($"{thread}/status").Split('\n').Where(line => names.Contains(line.Split(':')[0])).Select(line => line.Replace('\t', ' ').Trim());

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";                                         // it has ended meanwhile
        }
    }
}
