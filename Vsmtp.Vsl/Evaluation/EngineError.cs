namespace Vsmtp.Vsl.Evaluation;

/// <summary>Errors of the evaluator itself, with the texts of language §A.5. Scripts catch them as a map (language §9).</summary>
internal static class EngineError
{
    private const int MaxMessageChars = 2_000;

    public static Completion VariableNotFound(string name, in SourceSpan span) =>
        Of("ErrorVariableNotFound", $"Variable not found: {name}", span, ("variable", name));

    public static Completion FunctionNotFound(string name, ReadOnlySpan<Value> arguments, in SourceSpan span)
    {
        var types = new string[arguments.Length];
        for (var i = 0; i < types.Length; i++) types[i] = arguments[i].TypeName;
        var signature = $"{name} ({string.Join(", ", types)})";
        return Of("ErrorFunctionNotFound", $"Function not found: {signature}", span, ("function", signature));
    }

    public static Completion NoOperator(string sign, in Value left, in Value right, in SourceSpan span) =>
        FunctionNotFound(sign, [left, right], span);

    public static Completion WrongType(in Value actual, string expected, in SourceSpan span) =>
        Of("ErrorMismatchDataType", $"Data type incorrect: {actual.TypeName} (expecting {expected})", span,
            ("actual", actual.TypeName), ("requested", expected));

    public static Completion PropertyNotFound(string name, in Value target, in SourceSpan span) =>
        Of("ErrorDotExpr", $"Unknown property '{name}' - a getter is not registered for type '{target.TypeName}'", span,
            ("property", name));

    public static Completion NotIndexable(in Value target, in Value index, in SourceSpan span) =>
        Of("ErrorIndexingType", $"Indexer is not registered: {target.TypeName} [{index.TypeName}]", span);

    public static Completion OutOfBounds(string what, long index, long count, in SourceSpan span) =>
        Of($"Error{what}Bounds", $"{what} index {index} out of bounds: {Elements(count)} in the {what.ToLowerInvariant()}", span,
            ("index", index), ("bounds", count));

    public static Completion ConstantChanged(string name, in SourceSpan span) =>
        Of("ErrorAssignmentToConstant", $"Cannot modify constant: {name}", span, ("variable", name));

    public static Completion NotIterable(in SourceSpan span) => Of("ErrorFor", "For loop expects an iterable type", span);

    public static Completion UnboundThis(in SourceSpan span) => Of("ErrorUnboundThis", "'this' not bound", span);

    public static Completion Arithmetic(string message, in SourceSpan span) => Of("ErrorArithmetic", message, span);

    public static Completion Of(
        string kind, string message, in SourceSpan span, params ReadOnlySpan<(string Key, Value Value)> details)
    {
        var map = new VslMap();
        map.Set("error", kind);
        map.Set("message", message.Length <= MaxMessageChars ? message : message[..MaxMessageChars] + "…");
        map.Set("line", span.Line);
        map.Set("position", span.Column);
        if (!span.IsNone) map.Set("source", span.File);
        foreach (var (key, value) in details) map.Set(key, value);
        return Completion.Fail(new ScriptError(ScriptErrorKind.Engine, message, span, map));
    }

    private static string Elements(long count) => count == 1 ? "only 1 element" : $"only {count} elements";
}
