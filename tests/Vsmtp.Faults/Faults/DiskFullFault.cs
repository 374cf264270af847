using System.Diagnostics;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Shim;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>No room on the store's disk for a while: a small file system that somebody fills, or writes that say so where none can be mounted.</summary>
internal sealed class DiskFullFault : Fault
{
    private const int NoSpace = 28; // ENOSPC

    /// <summary>The write-ahead log alone may have 64 MiB.</summary>
    private const string Size = "size=160m";
    private static readonly int[] Blocks = [1 << 20, 1 << 12];
    private static readonly TimeSpan MostFull = TimeSpan.FromSeconds(2);

    private FaultShim? _shim;
    private string? _mounted;

    public override string Name => "disk full";

    public override IReadOnlyList<StoreKind> Stores => [StoreKind.Sqlite];

    public override FaultSize Short => new(80, 3);

    public override FaultSize Long => new(2_000, 50);

    public override async Task PrepareAsync(FaultRun run)
    {
        var spool = Path.Combine(run.Site.Site.Folder, run.Site.Site.Spool);
        Directory.CreateDirectory(spool);
        if (Run("mount", "-t", "tmpfs", "-o", Size, "tmpfs", spool))
        {
            _mounted = spool;
            return;
        }

        _shim = await FaultShim.CreateAsync(run.Site.Site.Folder, run.Seed);
        foreach (var server in run.Site.Servers) _shim.PreloadInto(server);
    }

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var chance = run.Dice.For(Name);
        for (var i = 0; i < run.Size.Times; i++)
        {
            await run.RoundAsync(i, chance);
            var since = Stopwatch.GetTimestamp();
            Fill();
            run.Release(i);
            await Task.Delay(MostFull * chance.NextDouble());
            Free();
            await run.GoesOnAsync();
            run.Ledger.Interrupted("a full disk", since);
        }

        return $"full {run.Size.Times} times, {(_mounted is null ? "by the shim" : "a real file system")}";
    }

    public override async ValueTask DisposeAsync()
    {
        if (_mounted is not null) Run("umount", "-l", _mounted);
        _shim?.Dispose();
        await base.DisposeAsync();
    }

    private void Fill()
    {
        _shim?.Set((ref controls) => (controls.WriteError, controls.WritePermille) = (NoSpace, 1000));
        if (_mounted is null) return;
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var block in Blocks.Select(length => new byte[length])) FillWith(ballast, block);
    }

    private static void FillWith(FileStream ballast, byte[] block)
    {
        try
        {
            while (true) ballast.Write(block);
        }
        catch (IOException)
        {
            // No room for another one.
        }
    }

    private void Free()
    {
        _shim?.Set((ref controls) => controls.WritePermille = 0);
        if (_mounted is not null) File.Delete(Ballast);
    }

    private string Ballast => Path.Combine(_mounted!, "ballast");

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
