using Orleans.Runtime;

namespace Orleans;

#pragma warning disable CA1040 // Orleans' own marker interfaces
/// <summary>Every grain interface extends this.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A grain whose key is a number.</summary>
public interface IGrainWithIntegerKey : IGrain;
#pragma warning restore CA1040
