using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Binding;

/// <summary>The names visible in one function, closure or top level, and what is known of its code.</summary>
internal sealed class FunctionScope
{
    private readonly List<LocalVariable> _visible = [];
    private readonly Stack<(int Visible, int NextSlot)> _blocks = [];
    private readonly Stack<int> _caught = [];
    private readonly Stack<int> _loops = new([0]);
    private int _nextSlot;

    public FunctionScope(FunctionCode code, bool isTopLevel)
    {
        Code = code;
        IsTopLevel = isTopLevel;
    }

    public FunctionCode Code { get; }

    public bool IsTopLevel { get; }

    /// <summary>The function around a closure, which the closure does not see; null: the top level.</summary>
    public FunctionScope? Around { get; init; }

    /// <summary>Blocks that are open: 0 right inside the function.</summary>
    public int Depth => _blocks.Count;

    public int SlotCount { get; private set; }

    /// <summary>Script functions that are called by name.</summary>
    public HashSet<FunctionCode> Callees { get; } = [];

    /// <summary>Whether a native function that may wait, or a closure that is not known, is called.</summary>
    public bool Waits { get; set; }

    public bool IsInLoop => _loops.Peek() > 0;

    /// <summary>Where the error of the innermost catch block is kept; -1 outside of one.</summary>
    public int CaughtSlot => _caught.TryPeek(out var slot) ? slot : -1;

    public IEnumerable<string> VisibleNames => _visible.Select(v => v.Name);

    public void Open() => _blocks.Push((_visible.Count, _nextSlot));

    /// <summary>All returns of the function.</summary>
    public List<Node> Returns { get; } = [];

    /// <summary>All variables of the function, also those whose block is closed.</summary>
    public List<LocalVariable> Declared { get; } = [];

    public void Close()
    {
        var (visible, nextSlot) = _blocks.Pop();
        _visible.RemoveRange(visible, _visible.Count - visible);
        // The top level's slots outlive it as the module's constants, so none is used twice.
        if (!IsTopLevel) _nextSlot = nextSlot;
    }

    public LocalVariable Declare(Identifier name, bool isConstant)
    {
        var variable = new LocalVariable(name.Name, NewSlot(), isConstant, name.Span) { Depth = Depth };
        Declared.Add(variable);
        _visible.Add(variable);
        return variable;
    }

    public LocalVariable? Find(string name) => _visible.FindLast(v => v.Name == name);

    public int NewSlot()
    {
        SlotCount = Math.Max(SlotCount, ++_nextSlot);
        return _nextSlot - 1;
    }

    public void EnterLoop() => _loops.Push(_loops.Pop() + 1);

    public void LeaveLoop() => _loops.Push(_loops.Pop() - 1);

    /// <summary>The body of another function that runs in this frame: the loops around it are not its own.</summary>
    public void EnterInlined() => _loops.Push(0);

    public void LeaveInlined() => _loops.Pop();

    public void EnterCatch(int slot) => _caught.Push(slot);

    public void LeaveCatch() => _caught.Pop();
}
