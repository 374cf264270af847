namespace Orleans.Runtime;

/// <summary>The activation whose turn runs now; the host sets it, <see cref="Grain"/> reads it when it is made.</summary>
internal static class RuntimeContext
{
    private static readonly AsyncLocal<IGrainContext?> Slot = new();

    /// <summary>Null outside a turn.</summary>
    public static IGrainContext? Current
    {
        get => Slot.Value;
        set => Slot.Value = value;
    }
}
