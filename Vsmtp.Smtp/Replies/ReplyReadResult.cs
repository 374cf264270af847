namespace Vsmtp.Smtp.Replies;

/// <summary>What <see cref="SmtpReplyParser.TryRead"/> found.</summary>
public enum ReplyReadResult
{
    /// <summary>The last line has not arrived; nothing was consumed.</summary>
    Incomplete,

    /// <summary>One reply was taken off the input.</summary>
    Complete,

    /// <summary>What arrived is no reply: the two sides no longer understand each other.</summary>
    Malformed,
}
