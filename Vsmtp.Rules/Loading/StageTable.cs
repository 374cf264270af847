using Vsmtp.Mail.Delegation;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>Turns the value of the main script into directives, and reports everything about it that cannot run.</summary>
internal sealed class StageTable(StageKeys keys, List<Diagnostic> diagnostics)
{
    /// <summary>Stages of the earlier program at which it never ran anything.</summary>
    private static readonly string[] SilentStages = ["negotiationtls", "data", "stop"];

    /// <summary>Outcomes of a delegation with the most parameters that a handler may take.</summary>
    private static readonly Dictionary<string, int> Handlers =
        new() { ["rejected"] = 1, ["failed"] = 1, ["absorbed"] = 0, ["unscanned"] = 0 };

    private readonly Dictionary<string, RuleDirective> _directives = [];

    public IReadOnlyCollection<RuleDirective> Directives => _directives.Values;

    public void Read(Value main)
    {
        if (!main.TryAsMap(out var stages))
        {
            Error(
                DiagnosticCodes.NoStageMap,
                $"the last statement of the main script must give a map of stages, not a value of type {main.TypeName}",
                keys.Result);
            return;
        }

        // In the order of the text, so that of two directives with one name the second is the wrong one.
        foreach (var (key, value) in stages.OrderBy(s => keys[s.Key].Line).ThenBy(s => keys[s.Key].Column)) ReadStage(key, value);
    }

    private void ReadStage(string key, Value value)
    {
        if (SilentStages.Contains(key))
        {
            diagnostics.Add(Diagnostic.Warning(DiagnosticCodes.SilentStage, $"the stage `{key}` never runs", keys[key]));
        }
        else if (!StageNames.TryParse(key, out var stage))
        {
            Error(DiagnosticCodes.UnknownStage, $"there is no stage `{key}`{DidYouMean.Hint(key, StageNames.All)}", keys[key]);
        }
        else if (!value.TryAsArray(out var elements))
        {
            Error(
                DiagnosticCodes.StageNotArray,
                $"the stage `{key}` must be an array of directives, not a value of type {value.TypeName}", keys[key]);
        }
        else
        {
            foreach (var (index, element) in elements.Index()) ReadElement(stage, index, element);
        }
    }

    private void ReadElement(Stage stage, int index, Value element)
    {
        if (!element.TryAsHost<Directive>(out var directive))
        {
            var name = stage.ToText();
            Error(
                DiagnosticCodes.NoDirective,
                $"element {index + 1} of the stage `{name}` is not a directive: it is of type {element.TypeName}", keys[name]);
            return;
        }

        if (directive.Body.ParameterCount > 0) Error(DiagnosticCodes.BodyWithParameters, directive, " has a body with parameters, and it is given none");
        if (directive.Kind is DirectiveKind.Delegate) CheckDelegate(stage, directive);
        if (_directives.TryAdd(directive.Name, RuleDirective.Of(stage, directive, DelegateServices.NamesOf(directive)))) return;
        diagnostics.Add(Diagnostic.Error(DiagnosticCodes.DuplicateDirective, $"there are two directives named \"{directive.Name}\"", directive.Span) with
        {
            Notes = [Diagnostic.Note("the other one is here", _directives[directive.Name].Script!.Span)],
        });
    }

    private void CheckDelegate(Stage stage, Directive directive)
    {
        if (!stage.MayDelegate())
        {
            Error(
                DiagnosticCodes.DelegateTooEarly,
                directive,
                $" cannot be in the stage `{stage.ToText()}`: delegation is possible from `postq` on, after the client's 250, "
                + "and in `preq` to services with `preq_wait`");
        }

        DelegateServices.Check(stage, directive, (message, span) => Error(DiagnosticCodes.WrongService, message, span));
        if (!DelegationHeader.CanCarry(directive.Name))
        {
            Error(
                DiagnosticCodes.NameCannotTravel,
                directive,
                ": the name travels in a header, so it is of printable ASCII without quotes, backslashes and semicolons, "
                + $"has no blanks at its ends, and at most {DelegationHeader.MaxDirectiveBytes} characters");
        }

        foreach (var (key, value) in directive.Options) CheckHandler(directive, key, value);
    }

    private void CheckHandler(Directive directive, string key, Value value)
    {
        if (!Handlers.TryGetValue(key, out var most))
        {
            // Other keys are documentation; one that is almost a handler is a handler that would never run.
            if (key != "evaluate" && Suggestion.Nearest(key, Handlers.Keys) is { } near)
            {
                var message = $"{directive.ToText()}: `{key}` handles nothing (did you mean `{near}`?)";
                diagnostics.Add(Diagnostic.Warning(DiagnosticCodes.AlmostHandler, message, directive.Span));
            }
        }
        else if (!value.TryAsFunction(out var handler))
        {
            Error(DiagnosticCodes.WrongHandler, directive, $": `{key}` must be a closure, not a value of type {value.TypeName}");
        }
        else if (handler.ParameterCount > most)
        {
            Error(DiagnosticCodes.WrongHandler, directive, $": `{key}` is given {(most == 0 ? "no parameters" : "one parameter")}");
        }
    }

    private void Error(string code, Directive directive, string message) => Error(code, directive.ToText() + message, directive.Span);

    private void Error(string code, string message, SourceSpan span) => diagnostics.Add(Diagnostic.Error(code, message, span));
}
