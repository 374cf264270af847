using Orleans.Runtime;

namespace Orleans;

#pragma warning disable CA1040 // Orleans' own marker interfaces
/// <summary>Every grain interface extends this.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;
#pragma warning restore CA1040
