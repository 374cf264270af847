using System.Diagnostics;
using Npgsql;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>A second server that follows the first in all that it writes, and takes its place.</summary>
public sealed partial class PostgresServer
{
    private Process? _standby;
    private string _standbyData = "";
    private int _standbyPort;
    private int _standbys;

    /// <summary>SIGQUIT, as <c>pg_ctl stop -m immediate</c>: ends at once, and recovers from its log when it is started again.</summary>
    public async Task StopImmediatelyAsync()
    {
        await CompleteAsync(Process.Start("kill", ["-QUIT", $"{_process!.Id}"]));
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts a standby; from then on a commit waits until it is on both disks.</summary>
    public async Task StartStandbyAsync()
    {
        _standbyData = $"standby{++_standbys}";
        _standbyPort = FindPort();
        var folder = Path.Combine(_folder.FullName, _standbyData);
        var copy = Command(
            "pg_basebackup", "-D", folder, "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync");
        copy.Environment["PGPASSWORD"] = Password;
        await CompleteAsync(Process.Start(copy));
        _standby = Serve(folder, _standbyPort);
        await RunAsync("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await RunAsync("postgres", "SELECT pg_reload_conf()");
        var clock = Stopwatch.StartNew();
        while (await CountAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'") == 0)
        {
            if (clock.Elapsed > Patience) throw new TimeoutException("The standby does not follow.");
            await Task.Delay(50);
        }
    }

    /// <summary>The server dies for good; its standby is promoted and moves to its address.</summary>
    public async Task FailOverAsync()
    {
        Kill();
        await using (var connection = new NpgsqlConnection(ConnectionString("postgres", _standbyPort)))
        {
            await connection.OpenAsync();
            await using var promote = new NpgsqlCommand("SELECT pg_promote()", connection);
            if (await promote.ExecuteScalarAsync() is not true) throw new InvalidOperationException("The standby is not promoted.");
        }

        EndStandby();
        _data = _standbyData;
        await StartAsync();
    }

    private void EndStandby()
    {
        _standby!.Kill(entireProcessTree: true);
        _standby.WaitForExit();
        _standby.Dispose();
        _standby = null;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
