using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Gateway.Messages;
using Vsmtp.Gateway.Rates;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Gateway.Clients;

/// <summary>What every client's policy works with.</summary>
internal sealed record ClientServices(
    RuleSetCatalog RuleSets,
    RuleEngine Engine,
    IRuleLog RuleLog,
    IContentStore Contents,
    IStoreHealth Store,
    MailAcceptance Acceptance,
    MailOffers Offers,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary><c>server.domain</c>.</summary>
    public required string ServerName { get; init; }

    /// <summary>The reply to what a rule denies without a reply of its own.</summary>
    public required SmtpReply Denied { get; init; }

    /// <summary>The reply to an accepted message; the id is put behind its text.</summary>
    public required SmtpReply Accepted { get; init; }

    /// <summary>Null: rules alone know users.</summary>
    public UserStore? Users { get; init; }

    public required KeyWorkers KeyWorkers { get; init; }

    public required FailurePace FailurePace { get; init; }

    public required ClientPaces Paces { get; init; }

    /// <summary>From which salts are made where no file of users has them.</summary>
    public byte[] SaltSecret { get; } = RandomNumberGenerator.GetBytes(32);

    public required string Node { get; init; }

    /// <summary>The server stops.</summary>
    public required CancellationToken Stopping { get; init; }
}
