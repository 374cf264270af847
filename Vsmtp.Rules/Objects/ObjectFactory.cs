using System.Collections.Frozen;
using System.Collections.Immutable;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary>Makes the values of <c>object NAME KIND = …</c>.</summary>
internal sealed class ObjectFactory : IObjectFactory
{
    public IReadOnlySet<string> Kinds { get; } =
        FrozenSet.Create([.. ObjectText.LineKinds, "group", "file", "code"]);

    public IReadOnlySet<string> ContentKinds => ObjectText.LineKinds;

    public Completion Create(ObjectDeclaration declaration)
    {
        var made = Make(declaration.Kind, declaration.ContentKind, Unwrap(declaration.Value), declaration.Call);
        return made.Failure is { Kind: ScriptErrorKind.Host } failure
            ? Completion.Error($"object `{declaration.Name}`: {failure.Message}")
            : made;
    }

    /// <summary>The extended form: everything but <c>value</c> is documentation.</summary>
    private static Value Unwrap(Value value) =>
        value.TryAsMap(out var map) && map.TryGetValue("value", out var inner) ? inner : value;

    /// <summary>Makes an object without a name.</summary>
    /// <param name="contentKind">Of <c>file</c>; else null.</param>
    public static Completion Make(string kind, string? contentKind, Value value, HostCall call) => kind switch
    {
        "group" => Group(value),
        "file" => File(contentKind!, value, call),
        "code" when value.TryAsMap(out var map) => Code(map),
        _ => value.TryAsString(out var text)
            ? ObjectText.Parse(kind, text)
            : Completion.Error($"a {kind} is a string, or a map with one as `value`; this is of type {value.TypeName}"),
    };

    private static Completion Group(Value value)
    {
        if (!value.TryAsArray(out var array))
        {
            return Completion.Error($"a group is an array of objects; this is of type {value.TypeName}");
        }

        foreach (var member in array)
        {
            // Objects of kind string are plain strings, so strings are members too.
            if (member.Kind is ValueKind.String || member.TryAsHost<VslObject>(out _)) continue;
            return Completion.Error($"`{member.ToDebug()}` in the group is no object: it is of type {member.TypeName}");
        }

        var group = new GroupObject("group", [.. array]);
        return group.Depth <= GroupObject.MaxDepth
            ? Value.From(group)
            : Completion.Error($"there are more than {GroupObject.MaxDepth} groups inside each other");
    }

    private static Completion File(string contentKind, Value value, HostCall call)
    {
        if (!value.TryAsString(out var path)) return Completion.Error($"a path is a string; this is of type {value.TypeName}");
        if (!Path.IsPathFullyQualified(path)) return Completion.Error($"the path must be absolute, and `{path}` is not");
        if (!((RuleState)call.State!).TryReadFile(path, out var text)) return Completion.Error(text);
        var members = ImmutableArray.CreateBuilder<Value>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var entry = line.Trim();
            if (entry.Length == 0) continue;
            // The list may be long: it is paid for like anything else that a script builds.
            if (!call.TryCharge(entry.Length * sizeof(char))) return call.SpentBudget;
            var made = ObjectText.Parse(contentKind, entry);
            if (made.Failure is { } fault) return Completion.Error($"{path}, line {number}: {fault.Message}");
            members.Add(made.Value);
        }

        return Value.From(new GroupObject("file", members.DrainToImmutable()));
    }

    private static Completion Code(VslMap map)
    {
        foreach (var key in (string[])["code", "enhanced", "text"])
        {
            if (!map.ContainsKey(key)) return Completion.Error($"the code has no key `{key}`");
        }

        if (!map["code"].TryAsInteger(out var code)) return Completion.Error("the key `code` must be an integer");
        if (!map["enhanced"].TryAsString(out var enhanced)) return Completion.Error("the key `enhanced` must be a string");
        if (!map["text"].TryAsString(out var text)) return Completion.Error("the key `text` must be a string");
        return ReplyText.TryCreate(code, enhanced.Length == 0 ? null : enhanced, text, out var reply, out var fault)
            ? Value.From(new CodeObject(reply))
            : Completion.Error(fault);
    }
}
