using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Binding;

/// <summary>What binding says about names that it does not find.</summary>
internal sealed partial class Binder
{
    /// <summary>A warning, since only evaluating it is an error, which a script may catch (language §9).</summary>
    public void ReportUnknownVariable(Variable variable)
    {
        if (_diagnostics.IsFullOfWarnings) return;
        var name = variable.Name;
        var known = Scope.VisibleNames.Concat(Host.Root.ConstantNames);
        var span = variable.Span;
        var warning = Diagnostic.Warning(
            DiagnosticCodes.UnknownVariable, $"Variable not found: {name}{DidYouMean(Suggestion.Nearest(name, known))}", span);
        if (Scope.Around?.Find(name) is { } outer)
            warning = warning with { Notes = [WhyNotCaptured(name, span), DeclaredAt(outer.Span)] };
        else if (!Scope.IsTopLevel && Unit.TopLevelNames.TryGetValue(name, out var declared))
            warning = warning with { Notes = [WhyInvisible(name, span), DeclaredAt(declared)] };
        else if (Host.Root.FunctionNames.Contains(name))
            warning = warning with { Notes = [Diagnostic.Note(
                $"'{name}' is a function; a call needs parentheses: {name}()", span)] };
        _diagnostics.Add(warning);
    }

    public void ReportUnknownFunction(string name, int count, SourceSpan span, bool isMethod)
    {
        if (_diagnostics.IsFullOfWarnings) return;
        var counts = Unit.Functions.Keys.Where(f => f.Name == name).Select(f => f.ParameterCount + (isMethod ? 1 : 0))
            .Concat(Host.Root.CountsOf(name)).Where(c => c > 0 || !isMethod).Distinct().Order().ToList();
        if (counts.Count > 0)
        {
            var shown = counts.Select(c => (isMethod ? c - 1 : c).ToString());
            _diagnostics.Add(Diagnostic.Warning(
                DiagnosticCodes.WrongArgumentCount,
                $"'{name}' cannot be called with {Count(isMethod ? count - 1 : count)}; it takes {string.Join(" or ", shown)}",
                span) with { Notes = [.. Unit.Functions.Values.Where(f => f.Name.Name == name).Select(f => DeclaredAt(f.Name.Span))] });
            return;
        }

        var known = Unit.Functions.Keys.Select(f => f.Name).Concat(Host.Root.FunctionNames);
        var warning = Diagnostic.Warning(
            DiagnosticCodes.UnknownFunction, $"Function not found: {name}{DidYouMean(Suggestion.Nearest(name, known))}", span);
        if (Scope.Find(name) is not null)
            warning = warning with { Notes = [Diagnostic.Note(
                $"'{name}' is a variable; a function in it is called with {name}.call(…)", span)] };
        _diagnostics.Add(warning);
    }

    public static string DidYouMean(string? nearest) => nearest is null ? "" : $"; did you mean '{nearest}'?";

    public static string Count(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";

    public void ReportConstant(LocalVariable constant, SourceSpan span) => _diagnostics.Add(
        Diagnostic.Error(DiagnosticCodes.ConstantChanged, $"Cannot modify constant: {constant.Name}", span)
            with { Notes = [DeclaredAt(constant.Span)] });

    private static Diagnostic DeclaredAt(SourceSpan span) => Diagnostic.Note("it is declared here", span);

    private static Diagnostic WhyNotCaptured(string name, SourceSpan span) => Diagnostic.Note(
        $"'{name}' belongs to the function around this closure, which sees only its own parameters; pass it with curry({name})", span);

    private Diagnostic WhyInvisible(string name, SourceSpan span) => Diagnostic.Note(
        Unit.Globals.ContainsKey(name)
            ? $"'{name}' belongs to the top level, which functions and closures do not see; write global::{name}"
            : $"'{name}' belongs to the top level, which functions and closures do not see; "
                + $"declare it with const and write global::{name}",
        span);

    internal void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);
}
