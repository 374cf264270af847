namespace Vsmtp.Vsl.Evaluation;

/// <summary>The frames of a run, one for each depth of calls, used again and again: a script keeps nothing of a call that is over.</summary>
internal sealed class FrameStack(ScriptRun run)
{
    private Frame[] _frames = [];

    /// <summary>The frame for the next call, whoever makes it.</summary>
    public Frame Current
    {
        get
        {
            var depth = run.Budget.Depth;
            return depth < _frames.Length ? _frames[depth] : Grow(depth);
        }
    }

    private Frame Grow(int depth)
    {
        var count = _frames.Length;
        Array.Resize(ref _frames, Math.Max(depth + 1, Math.Min(count * 2, count + 64)));
        for (; count < _frames.Length; count++) _frames[count] = new Frame(run);
        return _frames[depth];
    }
}
