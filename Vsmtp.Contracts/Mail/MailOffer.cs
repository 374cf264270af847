namespace Vsmtp.Contracts.Mail;

/// <summary>What is known of the verdict on a mail that is offered: the client waits for it.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-offer")]
public sealed record MailOffer
{
    /// <summary>When it is withdrawn if no gateway has come back to it: the one that offered it is gone.</summary>
    [Id(7)] public DateTimeOffset EndsAt { get; init; }

    /// <summary>What the wait's end without a verdict means: accepted (true), or withdrawn with 4yz.</summary>
    [Id(1)] public bool AcceptsLate { get; init; }

    /// <summary>A visit is decided, or all are: the rules of preq are to be run on.</summary>
    [Id(6)] public bool AreRulesDue { get; init; }

    /// <summary>The rules let it pass: it is accepted when the gateway says that the client is still there.</summary>
    [Id(2)] public bool IsPassed { get; init; }

    /// <summary>A rule wants it there once it is accepted; null: it goes on to postq.</summary>
    [Id(3)] public string? Quarantine { get; init; }

    /// <summary>What the client is told of a mail that is withdrawn; null for the site's usual refusal.</summary>
    [Id(4)] public MailReply? Reply { get; init; }

    /// <summary>The connection ends behind that reply.</summary>
    [Id(5)] public bool Closes { get; init; }
}

/// <summary>A reply to a client, as a grain has it.</summary>
/// <param name="Code">400 to 599.</param>
/// <param name="Enhanced">Three numbers with dots (RFC 3463 §2); null for none.</param>
/// <param name="Text">Lines are separated by CRLF.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-reply")]
public sealed record MailReply([property: Id(0)] int Code, [property: Id(1)] string? Enhanced, [property: Id(2)] string Text)
{
    /// <returns><c>550 5.7.1 text</c>.</returns>
    public override string ToString() => Enhanced is null ? $"{Code} {Text}" : $"{Code} {Enhanced} {Text}";
}
