using System.Collections.Immutable;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Contracts.Mail;

/// <summary>What a service brought back of a mail that keeps its original: its headers are read from it, and an operator may look.</summary>
/// <param name="Service">Which one; of each the newest is kept.</param>
/// <param name="Content">What came, without the delegation header.</param>
/// <param name="Base">Of which content it was sent.</param>
/// <param name="HeaderChanges">Made on <paramref name="Base"/> before it was sent.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.service-return")]
public sealed record ServiceReturn(
    [property: Id(0)] string Service,
    [property: Id(1)] ContentId Content,
    [property: Id(2)] ContentId Base,
    [property: Id(3)] ImmutableArray<HeaderChange> HeaderChanges);
