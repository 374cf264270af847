using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

[GenerateSerializer, Immutable, Alias("test.vault-state")]
public sealed record VaultState
{
    [Id(0)] public string Text { get; init; } = "empty";
}
