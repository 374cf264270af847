using System.Diagnostics.CodeAnalysis;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>What rules do with a service of an SQL database: run one statement with parameters. Each is a transaction of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody waits for with a handle holds nothing of the system.")]
internal abstract class SqlDatabase(string name, TimeSpan timeout, int connections) : ServiceEngine
{
    private const int MaxStatementChars = 256 * 1024;
    private const int MaxParameters = 1000;

    private readonly SemaphoreSlim _slots = new(connections);

    protected string Name => name;

    /// <summary>An array of maps, empty for no rows.</summary>
    public ValueTask<Completion> QueryAsync(HostCall call, string text, IReadOnlyList<Value> parameters) =>
        GuardAsync(call, text, parameters, wantsRows: true);

    /// <summary>The number of rows that were inserted, changed or removed.</summary>
    public ValueTask<Completion> ExecuteAsync(HostCall call, string text, IReadOnlyList<Value> parameters) =>
        GuardAsync(call, text, parameters, wantsRows: false);

    /// <exception cref="SqlFailedException">The database, or the connection to it, has failed.</exception>
    /// <exception cref="OperationCanceledException">The token; the statement has been stopped.</exception>
    protected abstract Task<SqlAnswer> RunAsync(SqlRequest request, CancellationToken cancellationToken);

    private async ValueTask<Completion> GuardAsync(HostCall call, string text, IReadOnlyList<Value> parameters, bool wantsRows)
    {
        if (text.Length > MaxStatementChars) return Completion.Error($"service `{name}`: a statement has at most {MaxStatementChars} characters");
        if (parameters.Count > MaxParameters) return Completion.Error($"service `{name}`: a statement takes at most {MaxParameters} values");
        var values = new List<Value>();
        foreach (var parameter in parameters)
        {
            if (!TryPlain(parameter, out var plain)) return Completion.Error($"service `{name}`: a parameter cannot be a value of type {parameter.TypeName}");
            values.Add(plain);
        }

        var patience = call.TimeLeft < timeout ? call.TimeLeft : timeout;
        using var limit = new CancellationTokenSource(patience, call.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, call.Cancellation);
        var hasSlot = false;
        try
        {
            await _slots.WaitAsync(linked.Token).ConfigureAwait(false);
            hasSlot = true;
            var answer = await RunAsync(new SqlRequest(text, values, wantsRows), linked.Token).ConfigureAwait(false);
            if (!wantsRows) return answer.Changed;
            return call.TryCharge(answer.Bytes) ? Value.From(new VslArray(answer.Rows)) : call.SpentBudget;
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            return Completion.Error($"service `{name}`: the database gave no answer within {patience.TotalSeconds:0.###} s");
        }
        catch (SqlFailedException e)
        {
            return Completion.Error($"service `{name}`: {e.Message}");
        }
        finally
        {
            if (hasSlot) _slots.Release();
        }
    }

    /// <summary>Objects go as their text: <c>[mail_from(), client_ip()]</c>.</summary>
    private static bool TryPlain(Value value, out Value plain)
    {
        plain = value.TryAsHost<VslObject>(out var made) ? Value.From(made.ToText())
            : value.Kind is ValueKind.Character ? Value.From(value.ToText())
            : value;
        return plain.Kind is ValueKind.Unit or ValueKind.Boolean or ValueKind.Integer or ValueKind.Float or ValueKind.String or ValueKind.Blob;
    }
}
