using Orleans;

namespace Vsmtp.Embedded.Tests.Grains;

[GenerateSerializer, Immutable, Alias("test.vault-state")]
public sealed record VaultState
{
    [Id(0)] public string Text { get; init; } = "empty";
}
