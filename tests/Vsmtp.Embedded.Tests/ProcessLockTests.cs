using System.Diagnostics;
using Vsmtp.Embedded.Hosting;
using Vsmtp.GrainHost.Contract;

namespace Vsmtp.Embedded.Tests;

public sealed class ProcessLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-lock-");

    private string LockFile => Path.Combine(_folder.FullName, "vsmtp.lock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_lock_that_is_held_is_refused_with_its_path_and_holder()
    {
        using var held = ProcessLock.Acquire(LockFile);
        var refused = Assert.Throws<ProcessLockedException>(() => ProcessLock.Acquire(LockFile));
        Assert.Equal(LockFile, refused.Path);
        Assert.Equal(Environment.ProcessId, refused.Holder);
        Assert.Contains(LockFile, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_was_let_go_can_be_taken_again()
    {
        ProcessLock.Acquire(LockFile).Dispose();
        using var again = ProcessLock.Acquire(LockFile);
    }

    [Fact]
    public void Letting_go_twice_does_not_touch_the_next_holder()
    {
        var first = ProcessLock.Acquire(LockFile);
        first.Dispose();
        using var second = ProcessLock.Acquire(LockFile);
        first.Dispose();
        Assert.Equal(Environment.ProcessId, Assert.Throws<ProcessLockedException>(() => ProcessLock.Acquire(LockFile)).Holder);
    }

    [Fact]
    public void Another_process_is_kept_out_while_we_hold_the_lock()
    {
        using (ProcessLock.Acquire(LockFile)) Assert.NotEqual(0, ExitCodeOf($"exec 9<>'{LockFile}'; flock -n 9"));
        Assert.Equal(0, ExitCodeOf($"exec 9<>'{LockFile}'; flock -n 9"));
    }

    [Fact]
    public async Task A_lock_of_another_process_is_refused_until_that_process_is_killed()
    {
        using var other = Bash($"exec 9<>'{LockFile}'; flock -n 9 && echo locked; read -r forever");
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Null(Assert.Throws<ProcessLockedException>(() => ProcessLock.Acquire(LockFile)).Holder);
        other.Kill();   // SIGKILL: nothing of it can clean up
        await other.WaitForExitAsync();
        using var ours = ProcessLock.Acquire(LockFile);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_of_its_own()
    {
        var failure = Assert.ThrowsAny<IOException>(() => ProcessLock.Acquire(Path.Combine(_folder.FullName, "none", "vsmtp.lock")));
        Assert.IsNotType<ProcessLockedException>(failure);
    }

    [Fact]
    public async Task A_second_host_on_one_lock_file_does_not_start_until_the_first_has_stopped()
    {
        var first = EmbeddedHosts.Build(options => options.LockFile = LockFile);
        await first.StartAsync();
        using var second = EmbeddedHosts.Build(options => options.LockFile = LockFile);
        await Assert.ThrowsAsync<ProcessLockedException>(() => second.StartAsync());
        await first.StopAsync();
        using var third = EmbeddedHosts.Build(options => options.LockFile = LockFile);
        await third.StartAsync();
        await third.StopAsync();
        first.Dispose();
    }

    private static int ExitCodeOf(string script)
    {
        using var process = Bash(script);
        Assert.True(process.WaitForExit(20_000));
        return process.ExitCode;
    }

    private static Process Bash(string script) => Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
