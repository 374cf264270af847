using System.Collections.Immutable;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Binding;

/// <summary>Finds what calls and <c>::</c> paths of one file mean.</summary>
internal sealed class NameResolver(Binder binder)
{
    private const string GlobalName = "global";
    private const int MaxInlinedCalls = 100;

    private int _inlinedCalls;

    /// <summary>Imports of enclosing blocks and of the top level up to here.</summary>
    public ImmutableDictionary<string, ModuleUnit?> VisibleAliases { get; set; } = ImmutableDictionary<string, ModuleUnit?>.Empty;

    private ModuleUnit Unit => binder.Unit;

    /// <param name="target">Null: the file was not found or is faulty, which was reported; uses of the alias are not.</param>
    public void AddAlias(Identifier alias, ModuleUnit? target, bool isTopLevel)
    {
        if (VisibleAliases.ContainsKey(alias.Name)) binder.Warnings.HiddenAlias(alias);
        VisibleAliases = VisibleAliases.SetItem(alias.Name, target);
        if (isTopLevel && target is not null) Unit.Aliases[alias.Name] = target;
    }

    /// <returns>Null: not found, and reported.</returns>
    public Node? Variable(IReadOnlyList<string> names, SourceSpan span)
    {
        var last = names[^1];
        if (names[0] == GlobalName && names.Count == 2)
        {
            if (Unit.Globals.TryGetValue(last, out var global)) return new ModuleVariable(-1, global, $"global::{last}", span);
            binder.Report(Diagnostic.Warning(
                DiagnosticCodes.UnknownGlobal,
                $"Variable not found: global::{last}; 'global' holds the top-level constants of this file"
                + Binder.DidYouMean(Suggestion.Nearest(last, Unit.Globals.Keys)), span));
            return null;
        }

        switch (Module(names, span))
        {
            case ModuleUnit unit when unit.Exports.TryGetValue(last, out var slot):
                return new ModuleVariable(unit.Index, slot, string.Join("::", names), span);
            case ModuleUnit unit:
                var exported = Suggestion.Nearest(last, unit.Exports.Keys);
                binder.Error(DiagnosticCodes.UnknownExport, $"'{unit.Syntax.Path}' exports no '{last}'{Binder.DidYouMean(exported)}", span);
                return null;
            case NativeModule native when native.TryGetConstant(last, out var constant):
                return new Literal(constant, span);
            case NativeModule native:
                var offered = Suggestion.Nearest(last, native.ConstantNames);
                binder.Error(DiagnosticCodes.UnknownExport, $"module '{names[0]}' has no '{last}'{Binder.DidYouMean(offered)}", span);
                return null;
            default:
                return null;
        }
    }

    /// <returns>The resolved call; null: not found, and reported.</returns>
    public Node? Function(Call call)
    {
        var (names, arguments) = (call.Names, call.Arguments);
        if (names.Count == 1) return Plain(call, names[0]);
        switch (Module(names, call.Span))
        {
            case ModuleUnit unit when unit.FindFunction(names[^1], arguments.Length) is { IsPrivate: false } function:
                binder.Scope.Callees.Add(function.Code);
                return new ScriptCall(function.Code, unit.Index, arguments, call.Span);
            case ModuleUnit unit:
                var functions = unit.Functions.Values.Where(f => !f.IsPrivate).Select(f => f.Name.Name);
                ReportMissing(call, unit.Syntax.Path, functions);
                return null;
            case NativeModule native when native.Find(names[^1], arguments.Length) is { } overloads:
                return Native(overloads, call);
            case NativeModule native:
                ReportMissing(call, names[0], native.FunctionNames);
                return null;
            default:
                return null;
        }
    }

    /// <summary><c>is_def_var("x")</c> and <c>is_def_fn("f", 1)</c>, which are known when the script is loaded.</summary>
    public Node? Definedness(Call call)
    {
        if (call is not { Names: [var name], Arguments: [Literal { Value: var value }, ..] } || !value.TryAsString(out var asked))
            return null;
        if (name == "is_def_var" && call.Arguments.Length == 1)
        {
            var variable = binder.Scope.Find(asked);
            if (variable is not null) variable.IsRead = true;
            return new Literal(variable is not null || binder.Host.Root.TryGetConstant(asked, out _), call.Span);
        }

        if (name != "is_def_fn" || call.Arguments is not [_, Literal { Value: var second }]) return null;
        if (!second.TryAsInteger(out var count)) return null;
        var isDefined = Unit.FindFunction(asked, (int)count) is not null || binder.Host.Root.Find(asked, (int)count) is not null;
        return new Literal(isDefined, call.Span);
    }

    /// <summary><c>f!(x)</c>: a fresh copy of the body of <c>f</c>, bound where it is called.</summary>
    public Node? InlinedCall(Call call)
    {
        var function = call.Names.Count == 1 ? Unit.FindFunction(call.Names[0], call.Arguments.Length) : null;
        if (function is null || _inlinedCalls >= MaxInlinedCalls)
        {
            binder.Error(
                DiagnosticCodes.CallerScope,
                function is null
                    ? $"'{call.Text}!' needs a function of this file that takes {Binder.Count(call.Arguments.Length)}"
                    : $"too many calls in the caller's scope, as '{call.Text}!' is", call.Span);
            return null;
        }

        _inlinedCalls++;
        var scope = binder.Scope;
        scope.Open();
        scope.EnterInlined();
        var slots = Array.ConvertAll(function.Parameters, p => binder.Declare(p, isConstant: false, isExported: false).Slot);
        var body = binder.Bind(function.CopyBody());
        scope.LeaveInlined();
        binder.Scope.Close();
        return new InlinedCall(call.Arguments, slots, body, call.Span);
    }

    private Node? Plain(Call call, string name)
    {
        if (name == "eval")
        {
            binder.Error(DiagnosticCodes.NoEval, "'eval' is not available", call.Span);
            return null;
        }

        if (Unit.FindFunction(name, call.Arguments.Length) is { } function)
        {
            binder.Scope.Callees.Add(function.Code);
            return new ScriptCall(function.Code, -1, call.Arguments, call.Span);
        }

        if (binder.Host.Root.Find(name, call.Arguments.Length) is { } overloads) return Native(overloads, call);
        binder.ReportUnknownFunction(name, call.Arguments.Length, call.Span, isMethod: false);
        return null;
    }

    private string? ResultType(OverloadSet overloads, Call call) =>
        call.Names.Count > 1 ? null
        : overloads.IsOwn ? StaticTypes.OfLibrary(overloads.Name)
        : !overloads.IsOfHost(call.Arguments.Length == 0 ? null : StaticTypes.KindOf(call.Arguments[0].Type)) ? null
        : binder.Warnings.Facts.ResultTypes.GetValueOrDefault(overloads.Name);

    private Node Native(OverloadSet overloads, Call call)
    {
        binder.Warnings.Literals(overloads.Name, call.Arguments, call.Names.Count - 1);
        if (overloads.MayWait) binder.Scope.Waits = true;
        // push(list, 1) changes 'list' as list.push(1) does.
        return overloads.MayMutate && call.Arguments is [var target, .. var others] && Places.TryMake(target, out _, out _)
            ? MethodCall.OfNative(target, overloads, others, call.Span)
            : new NativeCall(overloads, call.Arguments, ResultType(overloads, call), call.Span);
    }

    /// <returns>
    /// A <see cref="ModuleUnit"/>, a <see cref="NativeModule"/>, or null when it is not found, which is reported.
    /// </returns>
    private object? Module(IReadOnlyList<string> names, SourceSpan span)
    {
        if (!VisibleAliases.TryGetValue(names[0], out var unit) && !Unit.Aliases.TryGetValue(names[0], out unit))
        {
            if (names.Count == 2 && binder.Host.Modules.TryGetValue(names[0], out var native)) return native;
            var known = VisibleAliases.Keys.Concat(binder.Host.Modules.Keys);
            binder.Error(DiagnosticCodes.UnknownModule, $"Module not found: {names[0]}{Binder.DidYouMean(Suggestion.Nearest(names[0], known))}", span);
            return null;
        }

        if (unit is null) return null;
        foreach (var name in names.Skip(1).SkipLast(1))
        {
            if (unit.Aliases.TryGetValue(name, out var inner)) unit = inner;
            else
            {
                binder.Error(DiagnosticCodes.UnknownModule, $"'{unit.Syntax.Path}' imports no module '{name}'", span);
                return null;
            }
        }

        return unit;
    }

    private void ReportMissing(Call call, string module, IEnumerable<string> known) =>
        binder.Report(Diagnostic.Warning(
            DiagnosticCodes.UnknownModuleFunction,
            $"Function not found: '{module}' has no '{call.Names[^1]}' that takes {Binder.Count(call.Arguments.Length)}"
            + Binder.DidYouMean(Suggestion.Nearest(call.Names[^1], known)), call.Span));
}
