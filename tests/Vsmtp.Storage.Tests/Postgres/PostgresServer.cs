using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, a free port of 127.0.0.1, everything synced.</summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    public const string User = "mta";

    /// <summary>So odd that a test can look for it in what the program says.</summary>
    public const string Password = "s3cr3t pass/word";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim Starting = new(1);
    private static PostgresServer? _shared;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-postgres-");
    private readonly ConcurrentBag<string> _free = [];
    private readonly string _programs;
    private Process? _process;
    private string _data = "data";
    private bool _hasRun;

    private PostgresServer(string programs) => _programs = programs;

    public int Port { get; private set; }

    private string Data => Path.Combine(_folder.FullName, _data);

    /// <summary>The one that most tests share; made when the first asks, skipping the test where PostgreSQL is not installed.</summary>
    public static async Task<PostgresServer> ShareAsync()
    {
        await Starting.WaitAsync();
        try
        {
            return _shared ??= await StartNewAsync();
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>Ends the shared one, if any test asked for it.</summary>
    public static async ValueTask EndSharedAsync()
    {
        if (_shared is not null) await _shared.DisposeAsync();
        _shared = null;
    }

    /// <summary>One for a test that kills it.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        if (FindPrograms() is not { } programs)
        {
            const string missing = "PostgreSQL is not installed (Debian: postgresql).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            throw new InvalidOperationException(missing);
        }

        var server = new PostgresServer(programs);
        try
        {
            await server.InitializeAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A database without a store; one that was given back, if there is one, since making and dropping them is slow.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> TakeDatabaseAsync()
    {
        if (_free.TryTake(out var free)) return free;
        var name = $"mail_{Guid.NewGuid():N}";
        await RunAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    public async Task GiveBackAsync(string database)
    {
        await RunAsync(database, "DROP SCHEMA IF EXISTS vsmtp, vsmtp_cluster CASCADE");
        _free.Add(database);
    }

    /// <summary>Has a database prefer an isolation level that a program which counts on another has to set aside; undone by the disposal.</summary>
    public async Task<IAsyncDisposable> PreferAsync(string database, string isolation)
    {
        await RunAsync(database, $"ALTER DATABASE {database} SET default_transaction_isolation = '{isolation}'");
        return new Preference(this, database);
    }

    public async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public string ConnectionString(string database) => ConnectionString(database, Port);

    private static string ConnectionString(string database, int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Username = User,
        Password = Password,
        Pooling = false,
    }.ToString();

    /// <summary>Starts it on its data, after a crash too.</summary>
    public async Task StartAsync()
    {
        // A killed server's children may hold its memory for a moment, during which the next one refuses to start.
        var clock = Stopwatch.StartNew();
        while (!await TryStartAsync())
        {
            if (clock.Elapsed > Patience) throw new TimeoutException($"PostgreSQL does not start: {await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "log"))}");
            await Task.Delay(100);
        }
    }

    /// <summary>SIGKILL for the server and all of its sessions: what was not synced by then is lost.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) Kill();
        if (_standby is not null) EndStandby();
        for (var tries = 0; _folder.Exists && tries < 50; tries++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(100);                         // a killed session may still write
            }
        }
    }

    private sealed class Preference(PostgresServer server, string database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await server.RunAsync(database, $"ALTER DATABASE {database} RESET default_transaction_isolation");
    }

    private static string? FindPrograms()
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = versions.OrderByDescending(static path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
            .Select(static path => Path.Combine(path, "bin"));
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        return folders.Concat(path).FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task InitializeAsync()
    {
        var secret = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(secret, Password);
        if (Environment.UserName == "root") await CompleteAsync(Process.Start("chown", ["-R", "postgres", _folder.FullName]));
        await CompleteAsync(Process.Start(Command(
            "initdb", "-D", Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")));
    }

    private async Task<bool> TryStartAsync()
    {
        if (!_hasRun) Port = FindPort();                       // a restarted one is where it was
        var process = Serve(Data, Port);
        while (!process.HasExited)
        {
            try
            {
                await RunAsync("postgres", "SELECT 1");
                _process = process;
                _hasRun = true;
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50);
            }
        }

        process.Dispose();
        return false;
    }

    private Process Serve(string data, int port)
    {
        var log = Path.Combine(_folder.FullName, "log");
        var process = Process.Start(Command(
            "postgres", "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=on", "-c", "max_connections=300", "-c", "logging_collector=off"))!;
        process.OutputDataReceived += (_, line) => Keep(log, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Keep(string log, string? line)
    {
        if (line is not null) lock (Starting) File.AppendAllText(log, line + "\n");
    }

    /// <summary>PostgreSQL refuses to run as root; setpriv becomes the program, so that its id is the server's.</summary>
    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.UserName == "root"
            ? Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : Start(path, arguments);

        ProcessStartInfo Start(string file, string[] with) => new(file, with)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task CompleteAsync(Process? process)
    {
        using (process!)
        {
            var said = process!.StartInfo.RedirectStandardError
                ? await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync()
                : "";
            await process.WaitForExitAsync();
            if (process.ExitCode != 0) throw new InvalidOperationException($"{process.StartInfo.FileName} failed: {said}");
        }
    }
}
