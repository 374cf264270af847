namespace Orleans.Runtime;

/// <summary>Marks what can be addressed by a grain reference.</summary>
#pragma warning disable CA1040 // Orleans' own marker interfaces
public interface IAddressable;
#pragma warning restore CA1040
