using System.Collections.Immutable;

namespace Vsmtp.Contracts.Content;

/// <summary>Message bytes that no mail names yet.</summary>
/// <param name="Id">Under which the store has them or will have them.</param>
/// <param name="Inline">The bytes themselves where they are few (<see cref="ContentId.MaxInlineBytes"/>): they are written in the
/// same transaction as the first state that names them. Default (not empty) where the store already has them, synced.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.staged-content")]
public sealed record StagedContent([property: Id(0)] ContentId Id, [property: Id(1)] ImmutableArray<byte> Inline);
