namespace Orleans.Runtime;

/// <summary>The activation whose turn this thread runs; the host sets it, <see cref="Grain"/> reads it when it is made.</summary>
internal static class RuntimeContext
{
    [ThreadStatic]
    private static IGrainContext? _current;

    /// <summary>Null outside a turn. Not carried along to threads that the turn starts.</summary>
    public static IGrainContext? Current
    {
        get => _current;
        set => _current = value;
    }
}
