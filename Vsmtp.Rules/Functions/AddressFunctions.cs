using Vsmtp.Rules.Api;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Addresses, their parts, and what arrays can do for the list of recipients.</summary>
internal static class AddressFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section("Addresses", "An address has `.local_part` and `.domain`, too.");
        api.Global(
            new ApiDoc("new_address(text: text) -> address", "An address from its text, `john@example.com`."),
            (_, a) => Argument.TryAddress(a[0], out var address, out var error) ? Value.From(new AddressObject(address)) : error);
        api.Method<AddressObject>("address", new ApiDoc("get_local_part() -> string", "What stands before the `@`."),
            (_, a) => Value.From(((AddressObject)a[0].AsHost()).LocalPart));
        api.Method<AddressObject>("address", new ApiDoc("get_domain() -> string", "What stands behind the `@`, in lower case."),
            (_, a) => Value.From(((AddressObject)a[0].AsHost()).Domain));
        api.Global(new ApiDoc("get_local_parts(addresses: array) -> array", "The local parts of all addresses, as identifiers; "
            + "`rcpt_list().local_parts` and `array.local_parts` are the same."),
            (_, a) => OfMany("get_local_parts", a[0], RecipientList.LocalParts));
        api.Global(new ApiDoc("get_domains(addresses: array) -> array", "The domains of all addresses, as fqdn objects; "
            + "`rcpt_list().domains` and `array.domains` are the same."),
            (_, a) => OfMany("get_domains", a[0], RecipientList.Domains));
        api.MethodAsync<RecipientList>("recipients", new ApiDoc("map(f: closure) -> array", "What the closure gives for each "
            + "recipient."), (call, a) => WalkAsync(call, a, Map));
        api.MethodAsync<RecipientList>("recipients", new ApiDoc("filter(f: closure) -> array", "The recipients for which the "
            + "closure is true."), (call, a) => WalkAsync(call, a, Filter));
        api.MethodAsync<RecipientList>("recipients", new ApiDoc("some(f: closure) -> bool", "Whether the closure is true for one "
            + "of the recipients."), (call, a) => WalkAsync(call, a, Some));
        api.MethodAsync<RecipientList>("recipients", new ApiDoc("all(f: closure) -> bool", "Whether the closure is true for all "
            + "recipients."), (call, a) => WalkAsync(call, a, All));
    }

    /// <summary>The parts of the addresses in a recipient list or in an array.</summary>
    public static Completion OfMany(string name, in Value addresses, Func<IEnumerable<Value>, Value> take) =>
        addresses.TryAsHost<RecipientList>(out var list) ? take(list.Items)
        : addresses.TryAsArray(out var array) && array.All(item => item.TryAsHost<AddressObject>(out _)) ? take(array)
        : Completion.Error($"{name}: a list of addresses is needed, not "
            + $"{(addresses.Kind is ValueKind.Array ? addresses.ToDebug() : $"a value of type {addresses.TypeName}")}");

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
