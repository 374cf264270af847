namespace Vsmtp.Embedded.Activations;

/// <summary>Which activation of a grain class.</summary>
/// <param name="Key">The grain's key.</param>
/// <param name="Worker">0, but for the further activations of a stateless worker.</param>
internal readonly record struct ActivationKey(string Key, int Worker);
