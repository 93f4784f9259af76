<?php
/**
 * What PHP's own server asks first for each request: writes it down, then leads it to MediaWiki.
 *
 * A line is written before the request is answered, so whoever has an answer finds its line.
 */
$sandboxAsked = $_GET + $_POST;
$sandboxLine = [
	'time' => $_SERVER['REQUEST_TIME_FLOAT'],
	'method' => $_SERVER['REQUEST_METHOD'],
	'uri' => $_SERVER['REQUEST_URI'],
	'agent' => $_SERVER['HTTP_USER_AGENT'] ?? '',
	'parameters' => [],
];
foreach ( [ 'action', 'list', 'prop', 'meta', 'generator' ] as $sandboxName ) {
	if ( is_string( $sandboxAsked[$sandboxName] ?? null ) ) {
		$sandboxLine['parameters'][$sandboxName] = $sandboxAsked[$sandboxName];
	}
}
foreach ( [ 'titles', 'pageids', 'revids' ] as $sandboxName ) {
	$sandboxValue = $sandboxAsked[$sandboxName] ?? '';
	if ( is_string( $sandboxValue ) && $sandboxValue !== '' ) {
		// The API's other separator, for values that hold a pipe, is announced by itself.
		$sandboxLine['parameters'][$sandboxName] = $sandboxValue[0] === "\x1f"
			? substr_count( $sandboxValue, "\x1f" )
			: substr_count( $sandboxValue, '|' ) + 1;
	}
}
file_put_contents(
	getenv( 'HUBBOT_WIKI' ) . '/requests.jsonl',
	json_encode( $sandboxLine, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE ) . "\n",
	FILE_APPEND
);
$sandboxPath = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) ?: '/';
if ( $sandboxPath === '/' ) {
	header( 'Location: /wiki/', true, 302 );
	return true;
}
if ( $sandboxPath === '/wiki' || str_starts_with( $sandboxPath, '/wiki/' ) ) {
	$sandboxScript = 'index.php';
} elseif ( preg_match( '#^/w/(index|api|rest|load|opensearch_desc|thumb)\.php(/.*)?$#s', $sandboxPath, $sandboxMatch ) ) {
	$sandboxScript = "{$sandboxMatch[1]}.php";
	if ( isset( $sandboxMatch[2] ) ) {
		$_SERVER['PATH_INFO'] = rawurldecode( $sandboxMatch[2] );
	}
} else {
	return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = "/w/$sandboxScript";
$_SERVER['SCRIPT_FILENAME'] = getenv( 'MW_INSTALL_PATH' ) . "/$sandboxScript";
chdir( getenv( 'MW_INSTALL_PATH' ) );
// As LocalSettings.php asks it: pywikibot sends its reads by POST too.
define(
	'HUBBOT_ONLY_READS',
	in_array( $_SERVER['REQUEST_METHOD'], [ 'GET', 'HEAD', 'OPTIONS' ] ) || ( $_POST['action'] ?? '' ) === 'query'
);
if ( HUBBOT_ONLY_READS ) {
	require $_SERVER['SCRIPT_FILENAME'];
	return true;
}
// The answer waits here for the jobs that the request has made: api.php itself never runs any.
ob_start();
require $_SERVER['SCRIPT_FILENAME'];
$sandboxServices = MediaWiki\MediaWikiServices::getInstance();
$sandboxDatabase = $sandboxServices->getDBLoadBalancer()->getConnection( DB_PRIMARY );
// From 1.41 on, the runner refuses a job whose claim is in a transaction that is still open.
$sandboxServices->getDBLoadBalancer()->getConnectionInternal( DB_PRIMARY )->clearFlag( DBO_TRX );
if ( $sandboxDatabase->selectField( 'job', '1', [], 'router' ) !== false ) {
	$sandboxServices->getJobRunner()->run( [ 'maxTime' => 10 ] );
}
