using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>A <c>db:postgres</c> service: a pool of connections, made when they are first needed.</summary>
internal sealed class PostgresDatabase(string name, PostgresOptions options) : SqlDatabase(name, options.Timeout, options.Connections)
{
    private readonly Lock _gate = new();
    private NpgsqlDataSource? _source;
    private bool _isRetired;

    /// <summary>Idle connections are closed at once and those in use when their statement has ended; later ones serve one statement each.</summary>
    public override void Retire()
    {
        NpgsqlDataSource? source;
        lock (_gate)
        {
            _isRetired = true;
            (source, _source) = (_source, null);
        }

        source?.Dispose();
    }

    protected override async Task<SqlAnswer> RunAsync(SqlRequest request, CancellationToken cancellationToken)
    {
        SqlFailedException.ThrowIfOther(PostgresText.HighestParameter(request.Text), request.Parameters.Count);
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var command = connection.CreateCommand();
            await using var __ = command.ConfigureAwait(false);
            command.CommandText = request.Text;
            command.CommandTimeout = 0;                        // the token is the time limit
            command.AllResultTypesAreUnknown = true;           // as text, whatever types the database has
            foreach (var value in request.Parameters) command.Parameters.Add(Parameter(value));
            // Without any, Npgsql would cut the text into statements; so there is one that none uses, and the server takes one statement only.
            if (request.Parameters.Count == 0) command.Parameters.Add(Parameter(0));
            return await RunAsync(command, request.WantsRows, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SqlFailedException($"{e.SqlState}: {e.MessageText}");
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException or UnauthorizedAccessException && !cancellationToken.IsCancellationRequested)
        {
            throw new SqlFailedException(e.InnerException is { } inner ? $"{e.Message}: {inner.Message}" : e.Message);
        }
        catch (NpgsqlException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Task<SqlAnswer> RunAsync(NpgsqlCommand command, bool wantsRows, CancellationToken cancellationToken)
    {
        var answer = new SqlAnswer();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        string[]? columns = null;
        string[] types = [];
        while (wantsRows && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            columns ??= [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            if (types.Length == 0) types = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName)];
            answer.Add(columns, [.. types.Select((type, i) => reader.IsDBNull(i) ? Value.Unit : Cell(reader.GetString(i), type))]);
        }

        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false)) { }
        answer.Changed = Math.Max(0, reader.RecordsAffected);
        return answer;
    }

    /// <summary>
    /// Texts have no type of their own, so that they fit columns of any: <c>inet</c>, <c>uuid</c>, <c>timestamptz</c>. So has null.
    /// </summary>
    private static NpgsqlParameter Parameter(in Value value) => value.Kind switch
    {
        ValueKind.Boolean => new NpgsqlParameter<bool> { TypedValue = value.AsBoolean() },
        ValueKind.Integer => new NpgsqlParameter<long> { TypedValue = value.AsInteger() },
        ValueKind.Float => new NpgsqlParameter<double> { TypedValue = value.AsFloat() },
        ValueKind.Blob => new NpgsqlParameter<byte[]> { TypedValue = value.AsBlob().Bytes.ToArray() },
        ValueKind.String => new NpgsqlParameter { Value = value.AsString(), NpgsqlDbType = NpgsqlDbType.Unknown },
        _ => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Unknown },
    };

    private static Value Cell(string text, string type) => type switch
    {
        "boolean" => text == "t",
        "smallint" or "integer" or "bigint" or "oid" => long.Parse(text, CultureInfo.InvariantCulture),
        "real" or "double precision" => Float(text),
        _ when type.StartsWith("numeric", StringComparison.Ordinal) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : Float(text),
        "bytea" when text.StartsWith(@"\x", StringComparison.Ordinal) => new VslBlob(Convert.FromHexString(text.AsSpan(2))),
        _ => text,
    };

    private static Value Float(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var source = Source(out var isOwn);
            try
            {
                return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // Retired between the two: the next one is not pooled.
            }
            finally
            {
                if (isOwn) await source.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <param name="isOwn">Not pooled: the caller's, whose connections live on when it is disposed.</param>
    private NpgsqlDataSource Source(out bool isOwn)
    {
        lock (_gate)
        {
            isOwn = _isRetired;
            return _isRetired ? Build(isPooled: false) : _source ??= Build(isPooled: true);
        }
    }

    private NpgsqlDataSource Build(bool isPooled)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.Settings.ConnectionString)
        {
            Pooling = isPooled,
            MinPoolSize = 0,
            MaxPoolSize = options.Connections,
            Timeout = Math.Clamp((int)options.Timeout.TotalSeconds, 1, 1024),
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        if (options.PasswordFile is not null || options.PasswordVariable is not null)
            builder.UsePasswordProvider(_ => throw new NotSupportedException(), async (_, token) => await PasswordAsync(token).ConfigureAwait(false));
        return builder.Build();
    }

    private async Task<string> PasswordAsync(CancellationToken cancellationToken)
    {
        if (options.PasswordFile is { } path)
        {
            try
            {
                var text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
                return text.Split('\n')[0].TrimEnd('\r');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SqlFailedException($"`password_file`: {e.Message}");
            }
        }

        return Environment.GetEnvironmentVariable(options.PasswordVariable!)
            ?? throw new SqlFailedException($"`password_env`: the server's environment has no `{options.PasswordVariable}`");
    }
}
