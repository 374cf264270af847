using Vsmtp.Rules.Functions;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Services.Commands;
using Vsmtp.Rules.Services.Csv;
using Vsmtp.Rules.Services.Sql;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>What rules call on services: <c>svc.run()</c>, <c>db.get(key)</c>, <c>db.query("…", [values])</c>; and the older names.</summary>
internal static class ServiceFunctions
{
    private delegate ValueTask<Completion> ServiceFunction<in T>(T engine, HostCall call, Value[] arguments)
        where T : ServiceEngine;

    public static void Register(ScriptHostBuilder host)
    {
        On<CommandRunner>(host, ["cmd_run", "run"], 0, "cmd", (runner, call, _) => runner.RunAsync(call, runner.Arguments));
        On<CommandRunner>(host, ["cmd_run", "run"], 1, "cmd", (runner, call, a) => TryArguments(a[0], out var given, out var error) ? runner.RunAsync(call, given) : new(error));
        On<CsvDatabase>(host, ["db_query", "get"], 1, "db:csv", (csv, call, a) => Argument.TryText(a[0], out var key, out var error) ? csv.FindAsync(call, key) : new(error));
        On<CsvDatabase>(host, ["db_add", "set"], 1, "db:csv", (csv, call, a) => TryFields(a[0], out var fields, out var error) ? csv.AddAsync(call, fields) : new(error));
        On<CsvDatabase>(host, ["db_rm", "rm"], 1, "db:csv", (csv, call, a) => Argument.TryText(a[0], out var key, out var error) ? csv.RemoveAsync(call, key) : new(error));
        OnSql(host, "query", (database, call, text, values) => database.QueryAsync(call, text, values));
        OnSql(host, "execute", (database, call, text, values) => database.ExecuteAsync(call, text, values));
        foreach (var property in (string[])["has_code", "code", "has_signal", "signal"])
            host.Method<CommandResult>(property, 1, (call, a) => a[0].AsHost().TryGetProperty(property, call, out var value) ? value : Completion.Unit);
    }

    private static void OnSql(ScriptHostBuilder host, string name, Func<SqlDatabase, HostCall, string, IReadOnlyList<Value>, ValueTask<Completion>> run)
    {
        const string kind = "db:sqlite or db:postgres";
        On<SqlDatabase>(host, [name], 1, kind, (database, call, a) => Argument.TryText(a[0], out var text, out var error) ? run(database, call, text, []) : new(error));
        On<SqlDatabase>(host, [name], 2, kind, (database, call, a) =>
            !Argument.TryText(a[0], out var text, out var error) ? new(error)
            : a[1].TryAsArray(out var values) ? run(database, call, text, values)
            : new(Completion.Error($"the values of a statement must be an array, not a value of type {a[1].TypeName}")));
    }

    /// <summary>Under all names, as method, function and function of <c>sys::</c>.</summary>
    /// <param name="parameterCount">Without the service.</param>
    private static void On<T>(ScriptHostBuilder host, string[] names, int parameterCount, string kind, ServiceFunction<T> function)
        where T : ServiceEngine
    {
        foreach (var name in names)
        {
            host.AsyncMethod<ServiceObject>(name, parameterCount + 1, (call, arguments) => CallAsync(name, kind, function, call, arguments));
            host.Module("sys", sys => sys.AsyncFunction(name, parameterCount + 1, (call, arguments) => CallAsync(name, kind, function, call, arguments)));
        }
    }

    private static ValueTask<Completion> CallAsync<T>(string name, string kind, ServiceFunction<T> function, HostCall call, Value[] arguments)
        where T : ServiceEngine
    {
        if (!arguments[0].TryAsHost<ServiceObject>(out var service)) return new(Completion.Error($"`{name}` is called on a service, not on a value of type {arguments[0].TypeName}"));
        // A set is loaded again where and when a mail wakes under it, and must be the same set then.
        if (call.State is LoadState) return new(Completion.Error($"`{name}` is called while the rules are loaded: call it in a directive"));
        return service.Engine is T engine
            ? function(engine, call, arguments[1..])
            : new(Completion.Error($"`{name}` needs a service of kind {kind}, and `{service.Name}` is of kind {service.Kind}"));
    }

    private static bool TryArguments(Value value, out string[] arguments, out Completion error)
    {
        if (!TryTexts(value, isStrict: true, out arguments, out error)) return false;
        if (!arguments.Any(argument => argument.Contains('\0'))) return true;
        error = Completion.Error("an argument of a command cannot hold NUL");
        return false;
    }

    private static bool TryFields(Value value, out string[] fields, out Completion error) => TryTexts(value, isStrict: false, out fields, out error);

    /// <param name="isStrict">Only strings and objects; else numbers and booleans, too.</param>
    private static bool TryTexts(Value value, bool isStrict, out string[] texts, out Completion error)
    {
        (texts, error) = ([], default);
        if (!value.TryAsArray(out var array))
        {
            error = Completion.Error($"an array of strings is needed, not a value of type {value.TypeName}");
            return false;
        }

        var read = new List<string>();
        foreach (var item in array)
        {
            var isText = item.Kind is ValueKind.String or ValueKind.Character || item.TryAsHost<VslObject>(out _)
                || (!isStrict && item.Kind is ValueKind.Integer or ValueKind.Float or ValueKind.Boolean);
            if (!isText)
            {
                error = Completion.Error($"an array of strings is needed, and this one holds a value of type {item.TypeName}");
                return false;
            }

            read.Add(item.ToText());
        }

        texts = [.. read];
        return true;
    }
}
