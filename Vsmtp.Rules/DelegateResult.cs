using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Rules;

/// <summary>What became of a delegation. Without a handler in the directive all but a return end in quarantine.</summary>
public abstract record DelegateResult
{
    private DelegateResult()
    {
    }

    /// <summary>The key of the directive's map that handles it.</summary>
    public abstract string HandlerName { get; }

    /// <summary>In one word, as rules read it.</summary>
    public string Outcome => this is Returned ? "returned" : HandlerName;

    /// <summary>For the history, when no handler says anything.</summary>
    public abstract string Reason { get; }

    /// <summary>What a return is worth: without one of the service's proof headers the mail counts as unscanned.</summary>
    public static DelegateResult OfReturn(SmtpServiceSettings service, HeaderBlock returned) =>
        service.Proof.IsEmpty || service.Proof.Any(returned.Has)
            ? new Returned()
            : new Unscanned($"it came back without {string.Join(" or ", service.Proof)}");

    /// <summary>The service brought the mail back.</summary>
    public sealed record Returned : DelegateResult
    {
        public override string HandlerName => "evaluate";

        public override string Reason => "returned";
    }

    /// <summary>The service refused it for good.</summary>
    /// <param name="Reply">Its reply, e.g. <c>550 5.7.1 Virus detected</c>.</param>
    public sealed record Rejected(string Reply) : DelegateResult
    {
        public override string HandlerName => "rejected";

        public override string Reason => $"rejected: {Reply}";
    }

    /// <summary>The service took it and did not bring it back.</summary>
    public sealed record Absorbed : DelegateResult
    {
        public override string HandlerName => "absorbed";

        public override string Reason => "absorbed: the service took the mail and did not bring it back";
    }

    /// <summary>Nobody looked at it.</summary>
    public sealed record Unscanned(string Why) : DelegateResult
    {
        public override string HandlerName => "unscanned";

        public override string Reason => $"unscanned: {Why}";
    }

    /// <summary>The service could not be asked until the site's patience ended.</summary>
    public sealed record Failed(string Why) : DelegateResult
    {
        public override string HandlerName => "failed";

        public override string Reason => $"failed: {Why}";
    }
}
