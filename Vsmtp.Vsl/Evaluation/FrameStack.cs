namespace Vsmtp.Vsl.Evaluation;

/// <summary>The frames of a run, one for each depth of calls, used again and again: a script keeps nothing of a call that is over.</summary>
internal sealed class FrameStack(ScriptRun run)
{
    private Frame[] _frames = [];

    /// <summary>The frame for the next call; another one must not be asked for before that call has begun.</summary>
    public Frame Next(ModuleInstance module, int slotCount, Receiver? receiver)
    {
        var depth = run.Budget.Depth;
        var frames = _frames;
        var frame = (uint)depth < (uint)frames.Length ? frames[depth] : Grow(depth);
        frame.Begin(module, slotCount, receiver);
        return frame;
    }

    private Frame Grow(int depth)
    {
        var count = _frames.Length;
        Array.Resize(ref _frames, Math.Max(depth + 1, Math.Min(count * 2, count + 64)));
        for (; count < _frames.Length; count++) _frames[count] = new Frame(run);
        return _frames[depth];
    }
}
