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
        var warning = Diagnostic.Warning($"Variable not found: {name}{DidYouMean(Suggestion.Nearest(name, known))}", span);
        if (!Scope.IsTopLevel && Unit.TopLevelNames.Contains(name))
            warning = warning with { Notes = [WhyInvisible(name, span)] };
        else if (Host.Root.FunctionNames.Contains(name) || Unit.Functions.Keys.Any(f => f.Name == name))
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
                $"'{name}' cannot be called with {Count(isMethod ? count - 1 : count)}; it takes {string.Join(" or ", shown)}",
                span));
            return;
        }

        var known = Unit.Functions.Keys.Select(f => f.Name).Concat(Host.Root.FunctionNames);
        var warning = Diagnostic.Warning($"Function not found: {name}{DidYouMean(Suggestion.Nearest(name, known))}", span);
        if (Scope.Find(name) is not null)
            warning = warning with { Notes = [Diagnostic.Note(
                $"'{name}' is a variable; a function in it is called with {name}.call(…)", span)] };
        else if (name == "sleep")
            warning = warning with { Notes = [Diagnostic.Note("a rule must not wait idly, so there is no such function", span)] };
        _diagnostics.Add(warning);
    }

    public static string DidYouMean(string? nearest) => nearest is null ? "" : $"; did you mean '{nearest}'?";

    public static string Count(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";

    private Diagnostic WhyInvisible(string name, SourceSpan span) => Diagnostic.Note(
        Unit.Globals.ContainsKey(name)
            ? $"'{name}' belongs to the top level, which functions and closures do not see; write global::{name}"
            : $"'{name}' belongs to the top level, which functions and closures do not see; "
                + $"declare it with const and write global::{name}",
        span);

    internal void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);
}
