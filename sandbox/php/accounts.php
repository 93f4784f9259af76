<?php
/**
 * Makes the sandbox's accounts, as told in JSON on standard input (so that no password is seen
 * among the processes): [{"name", "password", "groups": [], "app": {"id", "password"} or null}].
 */
require_once getenv( 'MW_INSTALL_PATH' ) . '/maintenance/Maintenance.php';

class MakeSandboxAccounts extends Maintenance {
	public function execute() {
		foreach ( json_decode( file_get_contents( 'php://stdin' ), true ) as $account ) {
			$this->make( $account );
		}
	}

	private function make( array $account ) {
		$services = MediaWiki\MediaWikiServices::getInstance();
		$user = $services->getUserFactory()->newFromName( $account['name'] );
		if ( !$user->isRegistered() ) {
			$auth = $services->getAuthManager();
			$this->demand( $auth->autoCreateUser( $user, $auth::AUTOCREATE_SOURCE_MAINT, false ) );
		}
		$this->demand( $user->changeAuthenticationData( [
			'username' => $user->getName(),
			'password' => $account['password'],
			'retype' => $account['password'],
		] ) );
		$user->saveSettings();
		foreach ( $account['groups'] as $group ) {
			$services->getUserGroupManager()->addUserToGroup( $user, $group );
		}
		if ( $account['app'] ) {
			$password = BotPassword::newUnsaved( [
				'user' => $user,
				'appId' => $account['app']['id'],
				'grants' => $services->getGrantsInfo()->getValidGrants(),
			] );
			$plain = $services->getPasswordFactory()->newFromPlaintext( $account['app']['password'] );
			$this->demand( $password->save( 'insert', $plain ) );
		}
	}

	private function demand( $status ) {
		if ( !$status->isGood() ) {
			$this->fatalError( (string)$status );
		}
	}
}

$maintClass = MakeSandboxAccounts::class;
require_once RUN_MAINTENANCE_IF_MAIN;
