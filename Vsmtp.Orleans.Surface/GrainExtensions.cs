using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain or a reference to one can be asked.</summary>
public static class GrainExtensions
{
    /// <summary>The key of this grain.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain switch
    {
        IGrainBase activation => activation.GrainContext.GrainId.Key.ToString(),
        IGrainReference reference => reference.GrainId.Key.ToString(),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain)),
    };
}

/// <summary>What the host's references to grains also are.</summary>
internal interface IGrainReference
{
    GrainId GrainId { get; }
}
