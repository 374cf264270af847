using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>One directive of a stage.</summary>
public sealed class RuleDirective
{
    private RuleDirective(Stage stage, DirectiveKind kind, string name, string source)
    {
        Stage = stage;
        Kind = kind;
        Name = name;
        Source = source;
    }

    public Stage Stage { get; }

    public DirectiveKind Kind { get; }

    /// <summary>Unique in its rule set.</summary>
    public string Name { get; }

    /// <summary>Where it stands, as <c>main.vsl:12:9</c>.</summary>
    public string Source { get; }

    /// <summary>The services of a delegate, in the order in which it names them; none for the other kinds.</summary>
    public ImmutableArray<string> ServiceNames { get; private init; } = [];

    /// <summary>Null for the one directive that no script wrote: it denies.</summary>
    internal Directive? Script { get; private init; }

    /// <summary>Whether the directive itself says what happens then.</summary>
    public bool Handles(DelegateResult result) => HandlerOf(result) is not null;

    internal static RuleDirective Of(Stage stage, Directive directive, ImmutableArray<string> serviceNames) =>
        new(stage, directive.Kind, directive.Name, directive.Span.ToString()) { Script = directive, ServiceNames = serviceNames };

    internal static RuleDirective BuiltIn(Stage stage, string name, string source) =>
        new(stage, DirectiveKind.Rule, name, source);

    internal FunctionValue? HandlerOf(DelegateResult result) =>
        result is DelegateResult.Returned ? Script?.Body
        : Script is not null && Script.Options.TryGetValue(result.HandlerName, out var handler)
            && handler.TryAsFunction(out var function) ? function
        : null;
}
