namespace Vsmtp.Rules;

/// <summary>The points of a mail's way at which rules run, in that order.</summary>
public enum Stage
{
    /// <summary>A client has connected.</summary>
    Connect,

    /// <summary>HELO or EHLO was given; once per command.</summary>
    Helo,

    /// <summary>Credentials are to be judged.</summary>
    Authenticate,

    /// <summary>MAIL FROM was given.</summary>
    Mail,

    /// <summary>RCPT TO was given; the new recipient is the last of the envelope.</summary>
    Rcpt,

    /// <summary>The message is here and the client still waits for the reply.</summary>
    Preq,

    /// <summary>After the 250.</summary>
    Postq,

    /// <summary>Before the first attempt to deliver.</summary>
    Delivery,
}
