using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Vsmtp.Vsl.Tests.Support;

/// <summary>A small host, as a mail server would be: statuses, objects, services, and a function that waits.</summary>
internal static class TestHost
{
    public static ScriptHost Instance { get; } = new ScriptHostBuilder()
        .Function("next", 0, (_, _) => new TestStatus("next", null))
        .Function("accept", 0, (_, _) => new TestStatus("accept", null))
        .Function("deny", 0, (_, _) => new TestStatus("deny", null))
        .Function("deny", 1, (_, a) => new TestStatus("deny", a[0].ToText()))
        .Function("fail", 1, (_, a) => Completion.Error(a[0].ToText()))
        .Function("state", 0, (call, _) => Completion.Of(call.State?.ToString() ?? "none"))
        .Function("log", 2, (call, a) => Write(call, $"[{a[0].ToText()}] {a[1].ToText()}"))
        .AsyncFunction("later", 1, async (_, a) =>
        {
            await Task.Yield();
            return a[0];
        })
        .AsyncFunction("fail_later", 1, async (_, a) =>
        {
            await Task.Yield();
            return Completion.Error(a[0].ToText());
        })
        .AsyncFunction("apply", 2, async (call, a) => await call.InvokeAsync(a[0].AsFunction(), a[1]))
        .Method<TestStatus>("get", 2, (_, a) => Completion.Of($"{a[0].ToText()}/{a[1].ToText()}"))
        .AsyncMethod<TestStatus>("fetch", 1, async (_, a) =>
        {
            await Task.Yield();
            return Completion.Of("fetched " + a[0].ToText());
        })
        .Constant("answer", 42)
        .Module("sys", m => m.Function("twice", 1, (_, a) =>
                a[0].TryAsInteger(out var n) && n is > -1_000_000 and < 1_000_000 ? Completion.Of(2 * n) : Completion.Error("twice of a small integer")).Constant("name", "test"))
        .Module("toml", m => m.Constant("server", new VslMap([new("domain", "example.com")])))
        .Objects(new TestObjects())
        .Services(new TestServices())
        .Output((call, text) => Write(call, text))
        .Build();

    /// <summary>What the host says of itself for warnings.</summary>
    public static HostFacts Facts { get; } = new()
    {
        StatusType = "Status",
        ResultTypes = new Dictionary<string, string>
        {
            ["next"] = "Status", ["accept"] = "Status", ["deny"] = "Status", ["log"] = "()", ["state"] = "string",
        },
        NeverEqual = (left, right) => left == "Status" ? right != "Status" : left.StartsWith("object:") && right is "i64" or "()",
        LiteralFault = (function, argument, text) => (function, argument) == ("log", 0) && text.Contains(' ')
            ? $"'{text}' is no level"
            : null,
    };

    private static Completion Write(HostCall call, string text)
    {
        (call.State as StringBuilder)?.Append(text).Append('\n');
        return Completion.Unit;
    }

    internal sealed class TestStatus(string name, string? code) : HostObject
    {
        public override string TypeName => "Status";

        public override string ToText() => name;

        public override bool TryGetProperty(string property, HostCall call, out Completion value)
        {
            value = property switch
            {
                "code" => Completion.Of(code ?? ""),
                "broken" => Completion.Error("this property is broken"),
                _ => Completion.Unit,
            };
            return property is "code" or "broken";
        }

        public override bool? IsEqualTo(Value other) => other.TryAsHost<TestStatus>(out var status) ? status.Key == Key : null;

        private (string, string?) Key => (name, code);
    }

    internal sealed class TestObject(string kind, string text, Value content) : HostObject
    {
        public override string TypeName => "VSLObject";

        public override string ToText() => text;

        public override IEnumerable<Value>? Items => content.TryAsArray(out var items) ? items : null;

        public override bool? IsEqualTo(Value other) =>
            other.TryAsHost<TestObject>(out var that) ? that.Is(kind, text)
            : !other.TryAsString(out var given) ? null
            : kind == "regex" ? Regex.IsMatch(given, text)
            : given == text;

        public override Completion? Contains(Value item) => kind switch
        {
            "rg4" => Completion.Of(IPNetwork.Parse(text).Contains(IPAddress.Parse(item.ToText()))),
            "group" => Completion.Of(Items!.Contains(item)),
            _ => Completion.Error($"a {kind} contains nothing"),
        };

        private bool Is(string otherKind, string otherText) => kind == otherKind && text == otherText;
    }

    private sealed class TestObjects : IObjectFactory
    {
        public IReadOnlySet<string> Kinds { get; } =
            new HashSet<string> { "ip4", "rg4", "fqdn", "address", "identifier", "string", "regex", "group", "file", "code" };

        public IReadOnlySet<string> ContentKinds { get; } = new HashSet<string> { "ip4", "fqdn", "address", "string" };

        public Completion Create(ObjectDeclaration declaration)
        {
            if (declaration.Kind == "file")
                return new TestObject("file", $"{declaration.ContentKind} of {declaration.Value.ToText()}", declaration.Value);
            if (declaration.Kind == "group") return new TestObject("group", declaration.Value.ToText(), declaration.Value);
            if (!declaration.Value.TryAsString(out var text))
                return Completion.Error($"object '{declaration.Name}' needs a text");
            if (declaration.Kind == "string") return Completion.Of(text);
            if (declaration.Kind == "rg4" && !text.Contains('/'))
                return Completion.Error($"'{text}' is a network without a prefix");
            return new TestObject(declaration.Kind, text, declaration.Value);
        }
    }

    private sealed class TestServices : IServiceFactory
    {
        public IReadOnlySet<string> Kinds { get; } = new HashSet<string> { "cmd", "smtp", "db:csv" };

        public Completion Create(ServiceDeclaration declaration) =>
            declaration.Value.TryAsMap(out _)
                ? new TestObject("service", $"{declaration.Kind} {declaration.Name}", declaration.Value)
                : Completion.Error("options must be a map");
    }
}
