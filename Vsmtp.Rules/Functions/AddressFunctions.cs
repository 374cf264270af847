using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Addresses, their parts, and what arrays can do for the list of recipients.</summary>
internal static class AddressFunctions
{
    public static void Register(ScriptHostBuilder host)
    {
        host.Function("new_address", 1, (_, a) =>
            Argument.TryAddress(a[0], out var address, out var error) ? Value.From(new AddressObject(address)) : error);
        host.Method<AddressObject>("get_local_part", 1, (_, a) => Value.From(((AddressObject)a[0].AsHost()).LocalPart));
        host.Method<AddressObject>("get_domain", 1, (_, a) => Value.From(((AddressObject)a[0].AsHost()).Domain));
        host.Method<RecipientList>("get_local_parts", 1, (_, a) => RecipientList.LocalParts(a[0].AsHost().Items!));
        host.Method<RecipientList>("get_domains", 1, (_, a) => RecipientList.Domains(a[0].AsHost().Items!));
        host.AsyncMethod<RecipientList>("map", 2, (call, a) => WalkAsync(call, a, Map));
        host.AsyncMethod<RecipientList>("filter", 2, (call, a) => WalkAsync(call, a, Filter));
        host.AsyncMethod<RecipientList>("some", 2, (call, a) => WalkAsync(call, a, Some));
        host.AsyncMethod<RecipientList>("all", 2, (call, a) => WalkAsync(call, a, All));
    }

    private static Completion Map(List<(Value Item, Value Answer)> answers) =>
        Value.From(new VslArray(answers.Select(a => a.Answer)));

    private static Completion Filter(List<(Value Item, Value Answer)> answers) =>
        Judge(answers, yes => Value.From(new VslArray(yes.Select(a => a.Item))));

    private static Completion Some(List<(Value Item, Value Answer)> answers) => Judge(answers, yes => Value.From(yes.Any()));

    private static Completion All(List<(Value Item, Value Answer)> answers) =>
        Judge(answers, yes => Value.From(yes.Count() == answers.Count));

    private static Completion Judge(
        List<(Value Item, Value Answer)> answers, Func<IEnumerable<(Value Item, Value Answer)>, Completion> sum)
    {
        foreach (var (_, answer) in answers)
        {
            if (answer.Kind is ValueKind.Boolean) continue;
            return Completion.Error($"the function must give a boolean, not a value of type {answer.TypeName}");
        }

        return sum(answers.Where(a => a.Answer.AsBoolean()));
    }

    /// <summary>Asks a closure about every recipient; it may take the index too.</summary>
    private static async ValueTask<Completion> WalkAsync(
        HostCall call, Value[] arguments, Func<List<(Value Item, Value Answer)>, Completion> sum)
    {
        if (!arguments[1].TryAsFunction(out var function))
        {
            return Completion.Error($"a function is needed, not a value of type {arguments[1].TypeName}");
        }

        var answers = new List<(Value Item, Value Answer)>();
        foreach (var (index, item) in arguments[0].AsHost().Items!.Index())
        {
            Value[] given = function.ParameterCount == 2 ? [item, index] : [item];
            var answer = await call.InvokeAsync(function, given).ConfigureAwait(false);
            if (!answer.IsValue) return answer;
            answers.Add((item, answer.Value));
        }

        return sum(answers);
    }
}
