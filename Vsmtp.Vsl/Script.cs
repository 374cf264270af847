using System.Collections.Immutable;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>A compiled script with its imports. Immutable and shared by all runs.</summary>
public sealed class Script
{
    private readonly ImmutableArray<ModuleCode> _modules;

    internal Script(ScriptHost host, ImmutableArray<ScriptFile> files, ImmutableArray<ModuleCode> modules)
    {
        Host = host;
        Files = files;
        _modules = modules;
    }

    public ScriptHost Host { get; }

    /// <summary>The main script and every import, in the order in which they were met.</summary>
    public ImmutableArray<ScriptFile> Files { get; }

    /// <summary>Runs the top level of every import and then of the main script, once each.</summary>
    /// <returns>
    /// The value of the main script's last statement: the stage map. Closures in it stay usable with any later run.
    /// </returns>
    public async ValueTask<Completion> EvaluateAsync(ScriptRunOptions options, CancellationToken cancellation = default)
    {
        var run = new ScriptRun(this, options.State, options.Limits, options.Time, cancellation);
        var instance = new ScriptInstance(_modules);
        Completion last = default;
        foreach (var module in instance.Modules)
        {
            last = await EvaluateAsync(run, module).ConfigureAwait(false);
            if (!last.IsValue) return InModule(module, last);
        }

        return last.Value.Share();
    }

    private static async ValueTask<Completion> EvaluateAsync(ScriptRun run, ModuleInstance module)
    {
        var code = module.Code.TopLevel;
        // Its slots outlive it as the module's constants.
        var frame = new Frame(run);
        frame.Begin(code, module, receiver: null);
        foreach (var slot in module.Code.GlobalSlots) frame.Slots[slot] = Value.Unset;
        module.Globals = frame.Slots;
        var result = code.MayWait
            ? await code.InvokeAsync(frame, code.Span).ConfigureAwait(false)
            : code.Invoke(frame, code.Span);
        return result;
    }

    private Completion InModule(ModuleInstance module, in Completion result) =>
        result.Failure is { } failure && module.Code != _modules[^1]
            ? Completion.Fail(failure with { Message = $"Error in module '{module.Code.Path}' > {failure.Message}" })
            : result;
}
